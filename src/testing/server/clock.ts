/** What takes back a call that was asked for. */
export type Cancel = () => void;

interface Waiting {
  readonly at: number;
  readonly run: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * The clock that executions, streams and answers go by. It follows `Date` and `setTimeout`, whatever fake timers stand
 * behind them, and can be put forward; a virtual one stands still until then.
 */
export class ServerClock {
  readonly #isVirtual: boolean;
  readonly #startedAt = Date.now();
  readonly #waiting = new Set<Waiting>();
  #forwardMs = 0;

  constructor(isVirtual = false) {
    this.#isVirtual = isVirtual;
  }

  /** The present instant, in ms since 1970. */
  now(): number {
    return (this.#isVirtual ? this.#startedAt : Date.now()) + this.#forwardMs;
  }

  /** Calls back once so much time has passed on this clock. */
  after(durationMs: number, run: () => void): Cancel {
    const waiting: Waiting = { at: this.now() + durationMs, run, timer: undefined };
    this.#waiting.add(waiting);
    this.#arm(waiting);
    return () => this.#forget(waiting);
  }

  /** Puts the clock forward; what falls due on the way happens in its order, each at its own instant. */
  async advance(durationMs: number): Promise<void> {
    const until = this.now() + durationMs;
    for (;;) {
      await settle();
      const next = this.#next();
      if (next === undefined || next.at > until) break;
      this.#forwardTo(next.at);
      this.#fire(next);
    }
    this.#forwardTo(until);
    for (const waiting of this.#waiting) this.#arm(waiting);
    await settle();
  }

  #next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (first === undefined || waiting.at < first.at) first = waiting;
    }
    return first;
  }

  #forwardTo(instant: number): void {
    this.#forwardMs += Math.max(0, instant - this.now());
  }

  #arm(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    if (this.#isVirtual) return;
    const leftMs = Math.max(0, waiting.at - this.now());
    waiting.timer = setTimeout(() => this.#fire(waiting), leftMs);
  }

  #fire(waiting: Waiting): void {
    this.#forget(waiting);
    waiting.run();
  }

  #forget(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(waiting);
  }
}

/** What fell due may ask for more before it is done, by promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
