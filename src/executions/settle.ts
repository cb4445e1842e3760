import { isArenaError, type WaitTimeoutError } from "../errors.ts";
import type { Execution } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { WaitOptions } from "./wait.ts";

/** How far a {@link settleExecutions} is. */
export interface SettleProgress {
  /** How many have ended. */
  done: number;
  /** How many there are. */
  total: number;
  /** How many of the ended ones have no result. */
  failed: number;
}

/** What one of many came to: as {@link Outcome}, or still running when the time was up. */
export type Settled<Result> =
  | Outcome<Result>
  | {
      /** There is no result yet. */
      ok: false;
      /** The last state that was seen. */
      state: string;
      /** The time was up. The execution runs on. */
      error: WaitTimeoutError;
    };

/**
 * Waits for many executions, all at the price of one search a tick.
 *
 * @returns Their outcomes, in the order of the executions; one that failed or that the time ran out for is data.
 * @throws What any request throws, and the signal's reason.
 */
export async function settleExecutions<Result>(
  executions: readonly Execution<Result>[],
  options: WaitOptions & { onProgress?: (progress: SettleProgress) => void } = {},
): Promise<Settled<Result>[]> {
  const { onProgress, ...wait } = options;
  const progress: SettleProgress = { done: 0, total: executions.length, failed: 0 };
  return Promise.all(
    executions.map(async (execution): Promise<Settled<Result>> => {
      const settled = await execution.outcome(wait).catch((error: unknown): Settled<Result> => {
        if (!isArenaError(error, "wait_timeout")) throw error;
        return { ok: false, state: error.execution.state, error };
      });
      progress.done += 1;
      if (!settled.ok) progress.failed += 1;
      onProgress?.({ ...progress });
      return settled;
    }),
  );
}
