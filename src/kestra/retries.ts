import { type ArenaError, isArenaError, KestraError } from "../errors.ts";

/** Answers that a later try may turn into a good one. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

const firstPauseMs = 500;
const longestPauseMs = 5_000;

/** True for a failure that may be gone at the next try: no answer, or an answer that says so. */
export function isPassing(error: unknown): boolean {
  if (isArenaError(error, "connection")) return true;
  return error instanceof KestraError && passing.has(error.status);
}

/**
 * How long to wait before the next try, with jitter, so that a thousand clients do not come back at once; as long as
 * the server asked where it did. `undefined` for a failure that another try would not change.
 *
 * @param tries - How many there were.
 */
export function pauseBeforeRetryMs(error: ArenaError, tries: number): number | undefined {
  if (!isPassing(error)) return undefined;
  const asked = error instanceof KestraError ? error.retryAfterMs : undefined;
  return asked ?? jitteredPauseMs(tries);
}

/** Twice as long after each try, up to five seconds. */
export function jitteredPauseMs(tries: number): number {
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
  return pauseMs * (0.5 + Math.random() / 2);
}
