import type { FollowFrame } from "../kestra/follow.ts";
import type { Watched } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** Asks the execution itself when its stream is silent for too long, and ends a stream that turns out to hold back. */
export class SilenceGuard {
  readonly #watcher: ExecutionWatcher;
  readonly #watched: Watched;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#controller.abort(this.#outer.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasHeard = false;
  /** Why the stream is no use, once that is known. */
  verdict: string | undefined;

  /** @param outer - Ends the stream; it has not been aborted. */
  constructor(watcher: ExecutionWatcher, watched: Watched, outer: AbortSignal) {
    this.#watcher = watcher;
    this.#watched = watched;
    this.#outer = outer;
    outer.addEventListener("abort", this.#onAbort, { once: true });
    this.#arm(watcher.settings.timings.firstFrameMs);
  }

  /** For the stream. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** To be told of each frame. */
  heard({ kind, data }: FollowFrame): void {
    this.#hasHeard = true;
    const { firstFrameMs, stallMs, killStallMs } = this.#watcher.settings.timings;
    // After `start` the present state comes at once, unless Kestra does not know the execution yet.
    if (kind === "start") this.#arm(firstFrameMs);
    else this.#arm(data.includes('"current":"KILL') ? Math.min(killStallMs, stallMs) : stallMs);
  }

  /** Takes everything back, and closes the stream. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), afterMs);
  }

  async #ask(): Promise<void> {
    const { changes } = this.#watched;
    const wasRead = await this.#watcher.look(this.#watched, this.signal);
    if (this.signal.aborted) return;
    // Only who decodes the frames can tell that one was missed.
    const hasMissed = this.#watched.needsStates && this.#watched.changes > changes;
    if (wasRead && (!this.#hasHeard || hasMissed)) {
      this.verdict = "a proxy holds its stream back: turn buffering off for text/event-stream";
      this.#controller.abort();
    } else {
      this.#arm(this.#watcher.settings.timings.stallMs);
    }
  }
}
