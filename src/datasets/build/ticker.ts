import type { BuildProgress } from "./options.ts";

/** How many events or rows there are from one report to the next. */
const interval = 1000;
/** How many there are from one look at the signal to the next: others get a turn, a timer that aborts among them. */
const breath = 100;

/** Reports progress, and ends a build whose signal was aborted. */
export class Ticker {
  events = 0;
  samples = 0;
  rows = 0;
  #ticks = 0;
  readonly #onProgress: ((progress: BuildProgress) => void) | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(options: {
    onProgress?: ((progress: BuildProgress) => void) | undefined;
    signal?: AbortSignal | undefined;
  }) {
    this.#onProgress = options.onProgress;
    this.#signal = options.signal;
  }

  /** Counts one event or row. @throws the signal's reason once it was aborted */
  async tick(phase: BuildProgress["phase"]): Promise<void> {
    this.#ticks += 1;
    if (this.#ticks % breath === 0) await new Promise((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    if (this.#ticks % interval === 0) this.report(phase);
  }

  /** Reports now. @throws the signal's reason once it was aborted */
  report(phase: BuildProgress["phase"]): void {
    this.#signal?.throwIfAborted();
    const { events, samples, rows } = this;
    this.#onProgress?.({ phase, events, samples, rows });
  }

  /** Reports the end: it is too late to abort. */
  done(): void {
    const { events, samples, rows } = this;
    this.#onProgress?.({ phase: "done", events, samples, rows });
  }
}
