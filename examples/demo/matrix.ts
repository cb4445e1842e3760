import type { BatchRow } from "kestra-arena";

/** The attack success rate of each red agent against each blue one, a table a target. */
export function describeMatrix(
  rows: readonly BatchRow[],
  nameOf: (agentId: string) => string,
): string {
  const ids = (idOf: (row: BatchRow) => string) =>
    [...new Set(rows.map(idOf))].sort((first, second) =>
      nameOf(first).localeCompare(nameOf(second)),
    );
  const reds = ids((row) => row.redAgentId);
  const blues = ids((row) => row.blueAgentId);
  const cells = Map.groupBy(rows, (row) => key(row.redAgentId, row.blueAgentId, row.targetAgentId));
  const tables = ids((row) => row.targetAgentId).map((target) => {
    const body = reds.map((red) => [
      nameOf(red),
      ...blues.map((blue) => successRate(cells.get(key(red, blue, target)) ?? [])),
    ]);
    const head = ["red \\ blue", ...blues.map(nameOf)];
    return `Attack success rate against ${nameOf(target)}\n${table(head, body)}`;
  });
  return tables.join("\n\n");
}

const key = (...ids: string[]) => ids.join("|");

/** Undecided attacks (`processed`) are left out. */
function successRate(rows: readonly BatchRow[]): string {
  let successes = 0;
  let decided = 0;
  for (const { metrics } of rows) {
    if (metrics === undefined) continue;
    successes += metrics.attackOutcomes.success;
    decided += metrics.attacks - metrics.attackOutcomes.processed;
  }
  return decided === 0 ? "–" : `${((100 * successes) / decided).toFixed(1)} %`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const lines = [head, ...body];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [rule, format(head), rule, ...body.map(format)].join("\n");
}
