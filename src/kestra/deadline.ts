/** A signal that aborts when the caller's does or when the time is up, and that leaves nothing behind once cleared. */
export interface Deadline {
  /** Pass it to whatever has to stop. */
  readonly signal: AbortSignal;
  /** True once the time was up; false when the caller aborted. */
  readonly hasExpired: boolean;
  /** Takes back the timer and the listener. Call it in `finally`. */
  clear(): void;
}

/** `setTimeout` fires at once for anything longer than that. */
const longestTimerMs = 2_147_483_647;

/**
 * `AbortSignal.any` with `AbortSignal.timeout` would do the same, but the timer of a finished call would stay behind.
 *
 * @param timeoutMs - `Infinity` for none.
 */
export function startDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  let hasExpired = false;
  const timer =
    timeoutMs > longestTimerMs
      ? undefined
      : setTimeout(
          () => {
            hasExpired = true;
            controller.abort(new DOMException(`No answer within ${timeoutMs} ms`, "TimeoutError"));
          },
          Math.max(0, timeoutMs),
        );
  const onAbort = () => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    get hasExpired() {
      return hasExpired;
    },
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/**
 * Waits so long.
 *
 * @throws the signal's reason, as soon as it is aborted.
 */
export function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.min(durationMs, longestTimerMs),
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
