import { isArenaError } from "../../errors.ts";
import { plainFlow } from "../../flows/plain-flow.ts";
import { isTerminal, terminalStates } from "../../kestra/states.ts";
import type { EvaluationRow } from "../rows.ts";
import {
  batchLabel,
  correlationLabel,
  type EvaluationClient,
  type ListedExecution,
} from "./client.ts";

/** A match of a batch that has ended: its row, without the repetition, which only the batch knows. */
export type EndedMatch = Omit<EvaluationRow, "repetition"> & { executionId: string };

/** Gives the matches of a batch that have ended, newest end first, but those that are known. */
export async function* endedMatches(
  client: EvaluationClient,
  batchId: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<EndedMatch, void, undefined> {
  const filter = {
    flowId: "match-orchestration",
    labels: { [batchLabel]: batchId },
    states: terminalStates,
  };
  for await (const execution of client.executions.list(filter, { order: "newest-end", signal })) {
    if (known.has(execution.id) || execution.state.current === "RETRIED") continue;
    yield await toEndedMatch(client, execution, signal);
  }
}

/** Waits for the lanes of a batch that ended before them: each would go on to start matches of its own. */
export async function lanesEnded(
  client: EvaluationClient,
  batchId: string,
  signal: AbortSignal,
): Promise<void> {
  const filter = { flowId: "batch-lane", labels: { [correlationLabel]: batchId } };
  for await (const { id, namespace, state } of client.executions.list(filter, { signal })) {
    if (isTerminal(state.current)) continue;
    await client.executions.get(plainFlow("batch-lane", namespace), id).ended({ signal });
  }
}

/** Gives the matches of a batch that still run, though the batch itself may be gone. */
export async function liveMatches(
  client: EvaluationClient,
  batchId: string,
  signal: AbortSignal,
): Promise<ListedExecution[]> {
  const live: ListedExecution[] = [];
  const filter = { flowId: "match-orchestration", labels: { [batchLabel]: batchId } };
  for await (const execution of client.executions.list(filter, { signal })) {
    if (!isTerminal(execution.state.current)) live.push(execution);
  }
  return live;
}

/** Waits for a match's end if need be, and gives its row. */
export async function toEndedMatch(
  client: EvaluationClient,
  execution: ListedExecution,
  signal: AbortSignal,
): Promise<EndedMatch> {
  const handle = client.executions.get("match-orchestration", execution.id, {
    namespace: execution.namespace,
  });
  const outcome = await handle.outcome({ signal });
  const { inputs = {} } = execution.inputs === undefined ? await handle.get({ signal }) : execution;
  const base = {
    redAgentId: String(inputs.red_agent_id),
    blueAgentId: String(inputs.blue_agent_id),
    targetAgentId: String(inputs.target_agent_id),
    state: outcome.state,
    executionId: execution.id,
  };
  if (!outcome.ok) return { ...base, reason: reasonOf(outcome.error) };
  const { matchId, matchStatus, winner, metrics, transcriptFile } = outcome.result;
  return { ...base, matchId, matchStatus, metrics, transcriptFile, ...(winner && { winner }) };
}

function reasonOf(error: Error): string {
  if (isArenaError(error, "execution_failed") && "reason" in error && error.reason) {
    return String(error.reason);
  }
  return error.message;
}
