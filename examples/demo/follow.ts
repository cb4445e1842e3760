import { setTimeout } from "node:timers/promises";
import { type BatchResult, isArenaError, type KestraArenaClient } from "kestra-arena";
import { bar, type ProgressLine } from "./progress.ts";

/** The handle of a batch, which tells how far it is. */
type BatchExecution = Awaited<ReturnType<KestraArenaClient["evaluateBatch"]>>;

/** Waits for a batch and shows how far it is. When `signal` ends the wait, the batch is cancelled with its matches. */
export async function followBatch(
  execution: BatchExecution,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<BatchResult> {
  const ended = new AbortController();
  const shown = showProgress(execution, progress, AbortSignal.any([signal, ended.signal]));
  try {
    return await execution.result({ signal });
  } catch (error) {
    if (signal.aborted) {
      progress.show("Cancelling the batch and its matches");
      const { state } = await execution.cancel();
      progress.show(`The batch ended as ${state}`);
    }
    throw error;
  } finally {
    ended.abort();
    await shown;
  }
}

async function showProgress(
  execution: BatchExecution,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  try {
    for (;;) {
      const { done, total, failed, cancelled, timeLeftMs } = await execution.progress({ signal });
      const missing = failed + cancelled;
      const without = missing === 0 ? "" : `, ${missing} without a result`;
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      const left =
        timeLeftMs === undefined ? "" : `, about ${Math.ceil(timeLeftMs / 1_000)} s left`;
      progress.show(`${bar(done, total)} matches${without}`, `, ${seconds} s${left}`);
      await setTimeout(1_000, undefined, { signal });
    }
  } catch (error) {
    // The result tells what went wrong; the display only ends.
    if (!signal.aborted && !isArenaError(error)) throw error;
  }
}
