import { zodIssues } from "../errors/zod-issues.ts";
import type { InputIssue } from "../errors.ts";
import { type BatchRow, batchRow } from "./batch-row.ts";
import type { Parsed } from "./define-flow.ts";

/** Rows as the flow's FILE input takes them: JSON lines in the flow's own names. */
export function toRowsFile(rows: readonly BatchRow[]): Blob {
  const lines = rows.map((row) =>
    JSON.stringify({
      ...snakeKeys(row),
      ...(row.metrics !== undefined && { metrics: snakeKeys(row.metrics) }),
    }),
  );
  return new Blob([lines.join("\n")], { type: "application/x-ndjson" });
}

/** Rows from the flow's `rows_file`, or the issues of those that do not fit, by line. */
export function parseRowsFile(text: string): Parsed<BatchRow[]> {
  const rows: BatchRow[] = [];
  const issues: InputIssue[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = batchRow().safeParse(parseJson(line));
    if (parsed.success) rows.push(parsed.data);
    else issues.push(zodIssues(parsed.error, ["rows_file", index])[0]);
  }
  return issues.length > 0 ? { issues } : { result: rows };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** One level only: below `metrics` there are keys that are data, such as the names of attack types. */
function snakeKeys(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
