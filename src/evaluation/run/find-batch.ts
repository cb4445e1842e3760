import { isTerminal } from "../../kestra/states.ts";
import { type EvaluationClient, keyLabel, type ListedExecution } from "./client.ts";

/**
 * Gives the batch that was started with a key, if any. The earliest stays, as with every start: a process that was killed
 * between its start and its look for rivals has left a later one behind, which would play everything twice and is killed.
 */
export async function findBatch(
  client: EvaluationClient,
  key: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const filter = { flowId: "batch-evaluation", labels: { [keyLabel]: key } };
  const found: ListedExecution[] = [];
  for await (const execution of client.executions.list(filter, { signal })) found.push(execution);
  const earliestFirst = found.toReversed();
  const kept = earliestFirst.find(({ state }) => state.current !== "KILLED") ?? earliestFirst[0];
  for (const { id, namespace, state } of earliestFirst) {
    if (id === kept?.id || isTerminal(state.current)) continue;
    await client.executions.get("batch-evaluation", id, { namespace }).cancel({ signal });
  }
  return kept?.id;
}
