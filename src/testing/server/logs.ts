import type { KestraLine } from "../../kestra/dialect.ts";

/** A line of an execution's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly taskRunId?: string;
}

/** What is logged of an execution that failed, when nothing else was settled. */
export const failureLog: readonly LogLine[] = [{ level: "ERROR", message: "The task failed." }];

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/** A log as the line answers it, filtered in the line's own way. */
export function logLines(
  line: KestraLine,
  executionId: string,
  lines: readonly LogLine[],
  query: URLSearchParams,
): Record<string, unknown>[] {
  const name = line === "2" ? "filters[level][GREATER_THAN_OR_EQUAL_TO]" : "minLevel";
  const least = levels.indexOf(query.get(name) ?? "TRACE");
  return lines
    .filter(({ level }) => levels.indexOf(level) >= least)
    .map((entry, index) => ({
      timestamp: new Date(index).toISOString(),
      executionId,
      taskRunId: `${executionId}-task`,
      taskId: "work",
      ...entry,
    }));
}
