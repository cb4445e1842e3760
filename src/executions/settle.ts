import { ArenaError, isArenaError } from "../errors.ts";
import { startDeadline } from "../kestra/deadline.ts";
import { type Execution, outcomeWithin } from "./execution.ts";
import { checkOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { WaitOptions } from "./wait.ts";

/** How far a `executions.settle()` is. */
export interface SettleProgress {
  /** How many have ended. */
  done: number;
  /** How many there are. */
  total: number;
  /** How many of the ended ones have no result. */
  failed: number;
}

/** What one of many came to: as {@link Outcome}, or why there is none. */
export type Settled<Result> =
  | Outcome<Result>
  | {
      /** There is no result. */
      ok: false;
      /** The last state that was seen; `UNKNOWN` when none was. */
      state: string;
      /** A `WaitTimeoutError` when the time was up and the execution runs on; else why it could not be read. */
      error: ArenaError;
    };

/** How many executions are waited for. */
export interface SettleOptions extends WaitOptions {
  /** Called each time one has ended. */
  onProgress?: ((progress: SettleProgress) => void) | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof SettleOptions>([
  "signal",
  "timeoutMs",
  "onProgress",
]);

/**
 * Waits for many executions, all at the price of one search a tick.
 *
 * @returns Their outcomes, in the order of the executions; whatever went wrong with one of them is data.
 * @throws AuthenticationError, what `onProgress` throws, and the signal's reason; then no other is waited for any more.
 */
export async function settleExecutions<Result>(
  executions: readonly Execution<Result>[],
  options: SettleOptions = {},
): Promise<Settled<Result>[]> {
  checkOptions("Settle executions", options, optionNames);
  const { onProgress, signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
  signal?.throwIfAborted();
  const progress: SettleProgress = { done: 0, total: executions.length, failed: 0 };
  const failed = new AbortController();
  const onAbort = () => failed.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const deadline = startDeadline(timeoutMs, failed.signal);
  try {
    const settled = executions.map(async (execution): Promise<Settled<Result>> => {
      const outcome = await outcomeWithin(execution, deadline, timeoutMs).catch((error: unknown) =>
        asData(error, execution.lastState),
      );
      progress.done += 1;
      if (!outcome.ok) progress.failed += 1;
      onProgress?.({ ...progress });
      return outcome;
    });
    return await Promise.all(settled);
  } catch (error) {
    // The other waits end too.
    failed.abort(error);
    throw error;
  } finally {
    deadline.clear();
    signal?.removeEventListener("abort", onAbort);
  }
}

function asData(error: unknown, lastState: string) {
  if (!(error instanceof ArenaError) || isArenaError(error, "authentication")) throw error;
  const state = isArenaError(error, "wait_timeout") ? error.execution.state : lastState;
  return { ok: false, state, error } as const;
}
