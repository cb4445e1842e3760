import { isArenaError } from "../errors.ts";
import { type Deadline, sleep } from "../kestra/deadline.ts";
import { isPassing, jitteredPauseMs } from "../kestra/retries.ts";
import type { ExecutionContext } from "./context.ts";
import type { Tracked } from "./tracked.ts";

/** What came of a kill. */
export interface CancelResult {
  /** True when the execution has ended. */
  hasEnded: boolean;
  /** Its state: `KILLED`, another terminal one when it had ended before, or `KILLING` when the time was up. */
  state: string;
}

/** A kill during a retry could hang on early 2.0.x. */
export const cancelTimeoutMs = 30_000;

/**
 * Kills an execution and waits for its end, but not for ever. Of a chain of a flow's own retries the last is killed.
 *
 * @throws ConnectionError or KestraError when Kestra could not even be told; NotFoundError, AuthenticationError, and the
 * signal's reason.
 */
export async function cancelExecution(
  context: ExecutionContext,
  tracked: Tracked,
  url: string,
  deadline: Deadline,
  timeoutMs: number,
): Promise<CancelResult> {
  await sendKill(context, tracked, deadline);
  try {
    const { state } = await tracked.ownEnd(deadline);
    if (state !== "RETRIED") return { hasEnded: true, state };
    // What carries on starts when the retry's interval has passed, unless the kill came in time.
    const next = await tracked.successor(deadline.signal);
    return await cancelExecution(context, next, url, deadline, timeoutMs);
  } catch (error) {
    if (!deadline.hasExpired) throw error;
    const message = `Execution ${tracked.id} is still KILLING ${timeoutMs} ms after it was to be killed: Kestra has been told, and is at it. See ${url}.`;
    context.warn({ code: "kill_pending", executionId: tracked.id, message });
    return { hasEnded: false, state: "KILLING" };
  }
}

/** Until it was heard: a kill may be sent as often as one likes. */
async function sendKill(
  context: ExecutionContext,
  tracked: Tracked,
  { signal }: Deadline,
): Promise<void> {
  const timeoutMs = context.timings.lookTimeoutMs;
  let failure: unknown;
  for (let tries = 1; ; tries += 1) {
    try {
      return await context.kestra.executions.act(tracked.id, "kill", { signal, timeoutMs });
    } catch (error) {
      // The time was up: what went wrong before says more.
      if (signal.aborted) throw failure ?? error;
      if (isConfirmed(error)) return;
      const isMissing = isArenaError(error, "not_found") && tracked.mayBeMissing;
      if (!isMissing && !isPassing(error)) throw error;
      failure = error;
    }
    await sleep(jitteredPauseMs(tries), signal).catch(() => {
      throw failure;
    });
  }
}

/** It has ended already, and says so; or 2.x has passed the kill on and did not see it done in time. */
function isConfirmed(error: unknown): boolean {
  if (isArenaError(error, "conflict")) return true;
  return isArenaError(error, "kestra") && error.status === 504;
}
