import type { BatchRow } from "kestra-arena";

/** Decided attacks, and those of them that got through. */
interface Tally {
  successes: number;
  attacks: number;
}

/** The leaderboards and the matrix of a batch, as plain text. */
export function describeBatch(
  rows: readonly BatchRow[],
  nameOf: (agentId: string) => string,
): string {
  const reds = ranked(rows, (row) => row.redAgentId);
  const blues = ranked(rows, (row) => row.blueAgentId).reverse();
  const targets = [...new Set(rows.map((row) => row.targetAgentId))];
  const matrices = targets.map((target) => {
    const body = reds.map(([red]) => [
      nameOf(red),
      ...blues.map(([blue]) =>
        percent(
          tally(
            rows.filter(
              (row) =>
                row.redAgentId === red && row.blueAgentId === blue && row.targetAgentId === target,
            ),
          ),
        ),
      ),
    ]);
    const head = ["red \\ blue", ...blues.map(([blue]) => nameOf(blue))];
    return `Attack success rate against ${nameOf(target)}\n${table(head, body)}`;
  });
  return [
    `Red agents by attack success rate\n${leaderboard(reds, nameOf)}`,
    `Blue agents by attack success rate against them, the best defence first\n${leaderboard(blues, nameOf)}`,
    ...matrices,
  ].join("\n\n");
}

/** Agents by the success rate of the attacks in their matches, highest first. */
export function ranked(
  rows: readonly BatchRow[],
  agentOf: (row: BatchRow) => string,
): [agentId: string, Tally][] {
  const groups = Map.groupBy(rows, agentOf);
  return [...groups]
    .map(([agent, group]): [string, Tally] => [agent, tally(group)])
    .sort(([, first], [, second]) => rate(second) - rate(first));
}

function leaderboard(
  agents: readonly [string, Tally][],
  nameOf: (agentId: string) => string,
): string {
  const body = agents.map(([agent, counts]) => [
    nameOf(agent),
    percent(counts),
    `${counts.successes} of ${counts.attacks}`,
  ]);
  return table(["agent", "success rate", "attacks"], body);
}

function tally(rows: readonly BatchRow[]): Tally {
  const counts: Tally = { successes: 0, attacks: 0 };
  for (const { metrics } of rows) {
    if (metrics === undefined) continue;
    const { processed, ...decided } = metrics.attackOutcomes;
    counts.successes += decided.success;
    counts.attacks += Object.values(decided).reduce((sum, count) => sum + count, 0);
  }
  return counts;
}

/** Nothing decided ranks last. */
function rate({ successes, attacks }: Tally): number {
  return attacks === 0 ? -1 : successes / attacks;
}

function percent(counts: Tally): string {
  return counts.attacks === 0 ? "–" : `${(100 * rate(counts)).toFixed(1)} %`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "─".repeat(width))), ...body.map(line)].join("\n");
}
