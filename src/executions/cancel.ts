import { isArenaError } from "../errors.ts";
import type { ExecutionContext } from "./context.ts";
import type { Execution, ExecutionCallOptions } from "./execution.ts";
import { waitForEnd } from "./wait.ts";
import type { WatchTarget } from "./watched.ts";

/** What came of a kill. */
export interface CancelResult {
  /** True when the execution has ended. */
  hasEnded: boolean;
  /** Its state: `KILLED`, another terminal one when it had ended before, or `KILLING`. */
  state: string;
}

/** A kill during a retry could hang on early 2.0.x. */
const defaultTimeoutMs = 30_000;

/** Kills an execution and waits for its end, but not for ever. */
export async function cancelExecution(
  context: ExecutionContext,
  target: WatchTarget,
  handle: Execution<unknown>,
  { signal, timeoutMs = defaultTimeoutMs }: ExecutionCallOptions,
): Promise<CancelResult> {
  const startedAt = performance.now();
  try {
    await context.kestra.executions.act(target.id, "kill", { signal, timeoutMs });
  } catch (error) {
    // It has ended already, and says so.
    if (!isArenaError(error, "conflict")) throw error;
  }
  try {
    const leftMs = Math.max(0, timeoutMs - (performance.now() - startedAt));
    const state = await waitForEnd(context, target, handle, { signal, timeoutMs: leftMs });
    return { hasEnded: true, state };
  } catch (error) {
    if (!isArenaError(error, "wait_timeout")) throw error;
    const message = `Execution ${target.id} is still KILLING after ${timeoutMs} ms: Kestra has been told, and is at it. See ${handle.url}.`;
    context.warn({ code: "kill_pending", executionId: target.id, message });
    return { hasEnded: false, state: "KILLING" };
  }
}
