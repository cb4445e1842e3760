/** `setTimeout` fires at once for anything longer than that. */
const longestTimerMs = 2_147_483_647;

/**
 * A signal that aborts when the caller's does or when the time is up, and that leaves nothing behind once cleared.
 * `AbortSignal.any` with `AbortSignal.timeout` would do the same, but the timer of a finished call would stay behind.
 */
export class Deadline {
  readonly #timeoutMs: number;
  readonly #endsAt: number;
  readonly #outer: AbortSignal | undefined;
  /** Made when somebody wants it, as is the set: ten thousand may wait, each with a deadline of its own that never ends. */
  #controller: AbortController | undefined;
  #callbacks: Set<(reason: unknown) => void> | undefined;
  #aborted: { reason: unknown } | undefined;
  #onOuterAbort: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasExpired = false;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#outer = outer;
    if (outer?.aborted) {
      this.#aborted = { reason: outer.reason };
      return;
    }
    if (outer !== undefined) {
      this.#onOuterAbort = () => this.#abort(outer.reason);
      outer.addEventListener("abort", this.#onOuterAbort, { once: true });
    }
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.#arm();
  }

  /** Pass it to whatever has to stop. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  /** True once the time was up; false when the caller aborted. */
  get hasExpired(): boolean {
    return this.#hasExpired;
  }

  /** How much time is left, in milliseconds; `Infinity` when there is no end. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /**
   * Calls back once when the signal aborts, at once when it has.
   *
   * @returns what takes it back, at the same cost however many wait: a signal would search its list of listeners.
   */
  onAbort(callback: (reason: unknown) => void): () => void {
    if (this.#aborted !== undefined) callback(this.#aborted.reason);
    if (this.#timer === undefined && this.#onOuterAbort === undefined) return nothing;
    this.#callbacks ??= new Set();
    this.#callbacks.add(callback);
    return () => this.#callbacks?.delete(callback);
  }

  /**
   * The promise's value, or the signal's reason as soon as it is aborted: for what may not listen to a signal. As
   * {@link waitFor}, at a fraction of what a listener of a signal costs.
   */
  race<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const release = this.onAbort(reject);
      const settle =
        <Outcome>(end: (outcome: Outcome) => void) =>
        (outcome: Outcome) => {
          release();
          end(outcome);
        };
      promise.then(settle(resolve), settle(reject));
    });
  }

  /** @throws the signal's reason once it is aborted. */
  throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted.reason;
  }

  /** Takes back the timer and the listener. Call it in `finally`. */
  clear(): void {
    this.#release();
    this.#callbacks?.clear();
  }

  #arm(): void {
    const { leftMs } = this;
    if (leftMs > longestTimerMs) this.#timer = setTimeout(() => this.#arm(), longestTimerMs);
    else this.#timer = setTimeout(() => this.#expire(), leftMs);
  }

  #expire(): void {
    this.#hasExpired = true;
    this.#abort(new DOMException(`Not done within ${this.#timeoutMs} ms`, "TimeoutError"));
  }

  #abort(reason: unknown): void {
    // Whichever came first counts.
    this.#release();
    this.#aborted = { reason };
    this.#controller?.abort(reason);
    for (const callback of this.#callbacks ?? []) callback(reason);
    this.#callbacks?.clear();
  }

  /** From now on nothing ends it any more. */
  #release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#onOuterAbort === undefined) return;
    this.#outer?.removeEventListener("abort", this.#onOuterAbort);
    this.#onOuterAbort = undefined;
  }
}

function nothing(): void {}

/**
 * Starts a deadline; its owner clears it in `finally`.
 *
 * @param timeoutMs - `Infinity` for none.
 */
export function startDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  return new Deadline(timeoutMs, signal);
}

/**
 * Runs a call within a deadline of its own, and takes everything back afterwards.
 *
 * @param timeoutMs - `Infinity` for none.
 * @throws the signal's reason once it is aborted, whatever the call throws then.
 */
export async function withDeadline<Value>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (deadline: Deadline) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  const deadline = startDeadline(timeoutMs, signal);
  try {
    return await call(deadline);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    deadline.clear();
  }
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
