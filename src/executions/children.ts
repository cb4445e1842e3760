import type { KestraApi } from "../kestra/index.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { correlationOf } from "./labels.ts";
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
  const labels = correlationOf(execution);
  const options = { signal, pageSize: 1_000 };
  const rows: KestraExecution[] = [];
  const children = listExecutions(kestra, { labels, level: "child" }, options);
  for await (const row of children) rows.push(row);
  const parents = new Map<string | undefined, string | undefined>([[execution.id, undefined]]);
  for (const { id, triggerExecutionId } of rows) parents.set(id, triggerExecutionId);
  if (!rows.every(({ triggerExecutionId }) => parents.has(triggerExecutionId))) {
    // Under a loop of 2.x: its iterations are executions of their own, which a search shows only when asked for them.
    for await (const iteration of listExecutions(kestra, { labels, kind: "loop" }, options)) {
      parents.set(iteration.id, iteration.parentId);
    }
  }
  for (const row of rows) if (descends(row.id, execution.id, parents)) yield row;
}

function descends(
  id: string,
  ancestorId: string,
  parents: ReadonlyMap<string | undefined, string | undefined>,
): boolean {
  const passed = new Set<string>();
  let parent = parents.get(id);
  // A server gone wrong may lead in a circle.
  while (parent !== undefined && parent !== ancestorId && !passed.has(parent)) {
    passed.add(parent);
    parent = parents.get(parent);
  }
  return parent === ancestorId;
}
