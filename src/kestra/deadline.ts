/** A signal that aborts when the caller's does or when the time is up, and that leaves nothing behind once cleared. */
export interface Deadline {
  /** Pass it to whatever has to stop. */
  readonly signal: AbortSignal;
  /** True once the time was up; false when the caller aborted. */
  readonly hasExpired: boolean;
  /** How much time is left, in milliseconds; `Infinity` when there is no end. */
  readonly leftMs: number;
  /**
   * Calls back once when the signal aborts, at once when it has.
   *
   * @returns what takes it back, at the same cost however many wait: a signal would search its list of listeners.
   */
  onAbort(callback: () => void): () => void;
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
  const callbacks = new Set<() => void>();
  const endsAt = performance.now() + timeoutMs;
  let hasExpired = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };
  const abort = (reason: unknown) => {
    // Whichever came first counts.
    release();
    controller.abort(reason);
    for (const callback of callbacks) callback();
    callbacks.clear();
  };
  const arm = () => {
    const leftMs = Math.max(0, endsAt - performance.now());
    if (leftMs > longestTimerMs) timer = setTimeout(arm, longestTimerMs);
    else timer = setTimeout(expire, leftMs);
  };
  const expire = () => {
    hasExpired = true;
    abort(new DOMException(`Not done within ${timeoutMs} ms`, "TimeoutError"));
  };
  const onAbort = () => abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else {
    signal?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs !== Number.POSITIVE_INFINITY) arm();
  }
  return {
    signal: controller.signal,
    get hasExpired() {
      return hasExpired;
    },
    get leftMs() {
      return Math.max(0, endsAt - performance.now());
    },
    onAbort(callback) {
      if (controller.signal.aborted) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    clear() {
      release();
      callbacks.clear();
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
      Math.min(Math.max(0, durationMs), longestTimerMs),
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** The promise's value, or the signal's reason as soon as it is aborted; nothing of it stays behind. */
export function waitFor<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
