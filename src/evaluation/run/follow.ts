import { setTimeout } from "node:timers/promises";
import { isArenaError } from "../../errors.ts";
import type { BatchExecution, EvaluationClient } from "./client.ts";
import { endedMatches, lanesEnded, liveMatches, toEndedMatch } from "./match-rows.ts";
import type { Recorder } from "./recorder.ts";

/** How a batch is followed. */
export interface FollowOptions {
  signal: AbortSignal;
  /** Between two looks at the batch's matches, in ms. */
  tickMs: number;
}

/** Follows a batch to its end, noting each match as it ends, and gives the state that the batch ended in. */
export async function followBatch(
  client: EvaluationClient,
  execution: BatchExecution,
  recorder: Recorder,
  { signal, tickMs }: FollowOptions,
): Promise<string> {
  const ended = new AbortController();
  const broken = new AbortController();
  const watch = watchMatches(client, execution.id, recorder, {
    signal: AbortSignal.any([signal, ended.signal]),
    tickMs,
  }).catch((error: unknown) => {
    if (!ended.signal.aborted) broken.abort(error);
  });
  try {
    const outcome = await execution.outcome({ signal: AbortSignal.any([signal, broken.signal]) });
    ended.abort();
    await watch;
    if (outcome.ok) await recorder.noteBatch(outcome.result.rows);
    else await gatherMatches(client, execution.id, recorder, signal);
    return outcome.state;
  } finally {
    ended.abort();
    await watch;
  }
}

/** Notes what a batch without a result has played, and waits for those of its matches that still run. */
export async function gatherMatches(
  client: EvaluationClient,
  batchId: string,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  await lanesEnded(client, batchId, signal);
  for (const execution of await liveMatches(client, batchId, signal)) {
    await recorder.noteMatch(await toEndedMatch(client, execution, signal));
  }
  await noteEnded(client, batchId, recorder, signal);
}

async function watchMatches(
  client: EvaluationClient,
  batchId: string,
  recorder: Recorder,
  { signal, tickMs }: FollowOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await noteEnded(client, batchId, recorder, signal);
    } catch (error) {
      // A look that fails is made again at the next tick; whether Kestra is gone, the wait for the batch tells.
      if (!isArenaError(error) && !signal.aborted) throw error;
    }
    await setTimeout(tickMs, undefined, { signal }).catch(() => {});
  }
}

async function noteEnded(
  client: EvaluationClient,
  batchId: string,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  for await (const match of endedMatches(client, batchId, recorder.executions, signal)) {
    await recorder.noteMatch(match);
  }
}
