import type { KestraApi } from "../kestra/index.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { listExecutions } from "./list.ts";

/**
 * The executions that one started, those of its subflows' subflows among them, newest first. All that began with one
 * start share its correlation, its replays among them; whose child each is, is told by who triggered it.
 */
export async function* listChildren(
  kestra: KestraApi,
  execution: KestraExecution,
  signal: AbortSignal | undefined,
): AsyncGenerator<KestraExecution, void, undefined> {
  const key = "system.correlationId";
  const correlation = execution.labels.find((label) => label.key === key)?.value ?? execution.id;
  const labels = { [key]: correlation };
  const options = { signal, pageSize: 1_000 };
  const rows: KestraExecution[] = [];
  const children = listExecutions(kestra, { labels, level: "child" }, options);
  for await (const row of children) rows.push(row);
  const parents = new Map(rows.map(({ id, triggerExecutionId }) => [id, triggerExecutionId]));
  const isKnown = (id: string | undefined) => id === execution.id || parents.has(id ?? "");
  if (!rows.every(({ triggerExecutionId }) => isKnown(triggerExecutionId))) {
    // Under a loop of 2.x: its iterations are executions of their own, which a search shows only when asked for them.
    for await (const iteration of listExecutions(kestra, { labels, kind: "loop" }, options)) {
      parents.set(iteration.id, iteration.parentId);
    }
  }
  const descends = (id: string | undefined, depth = 0): boolean => {
    if (id === execution.id) return true;
    const parent = parents.get(id ?? "");
    return parent !== undefined && parent !== id && depth < 100 && descends(parent, depth + 1);
  };
  for (const row of rows) if (descends(row.triggerExecutionId)) yield row;
}
