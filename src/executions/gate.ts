/** Lets so many in at a time; the others wait in the order in which they came. */
export class Gate {
  readonly #limit: number;
  readonly #queue = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Does the work as soon as there is room. @throws the signal's reason when it is aborted before. */
  async run<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      const [next] = this.#queue;
      next?.();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#inside < this.#limit) {
      this.#inside += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(enter);
        signal.removeEventListener("abort", onAbort);
      };
      const enter = () => {
        leave();
        this.#inside += 1;
        resolve();
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
      };
      this.#queue.add(enter);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
