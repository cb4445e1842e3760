import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import { decodeFrame, type FollowFrame } from "../kestra/follow.ts";
import { isTerminal } from "../kestra/states.ts";
import type { Watched } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** Kestra sends the first frame at once; a proxy that holds it back for that long holds back the rest as well. */
const firstFrameMs = 5_000;

/** A stream has no heartbeat. After so much silence the execution itself is asked whether anything was missed. */
const stallMs = 15_000;

/** How often a stream that broke is opened again in a row before polling takes over. */
const maxReconnects = 4;

/**
 * Follows one execution by its stream until it has ended, until `signal`, or until polling has to take over. At every
 * doubt the execution itself is read: a stream may break, end early, fall silent, or hold another execution's frames.
 */
export async function followExecution(
  watcher: ExecutionWatcher,
  watched: Watched,
  signal: AbortSignal,
): Promise<void> {
  let reconnects = 0;
  try {
    // An execution that somebody attached to may not exist, and its stream would say so only after 10 s.
    if (!watched.target.isStamped) await watcher.look(watched, signal);
    while (!signal.aborted) {
      const before = watched.latest;
      const failure = await followOnce(watcher, watched, signal);
      if (signal.aborted) return;
      const wasRead = await watcher.look(watched, signal);
      if (signal.aborted) return;
      if (failure.isFinal) return watcher.fallBack(watched, "stream_buffered", failure.reason);
      // A stream that brought something new before it broke was a good one.
      reconnects = wasRead && failure.hadNews && watched.latest !== before ? 1 : reconnects + 1;
      if (reconnects > maxReconnects) {
        return watcher.fallBack(watched, "stream_unavailable", failure.reason);
      }
      await sleep(250 * 2 ** (reconnects - 1) * (0.5 + Math.random()), signal);
    }
  } catch (error) {
    if (signal.aborted) return;
    watcher.fail(watched, error);
  }
}

interface StreamFailure {
  /** Why it ended, in words. */
  reason: string;
  /** True when it is no use to open it again. */
  isFinal: boolean;
  /** True when it had told something before. */
  hadNews: boolean;
}

async function followOnce(
  watcher: ExecutionWatcher,
  watched: Watched,
  signal: AbortSignal,
): Promise<StreamFailure> {
  const silence = new SilenceGuard(watcher, watched, signal);
  let hadNews = false;
  try {
    const { executions } = watcher.settings.kestra;
    for await (const frame of executions.follow(watched.target.id, silence.signal)) {
      silence.heard();
      if (frame.kind === "progress") hadNews = true;
      if (takeFrame(watcher, watched, frame)) return { reason: "", isFinal: false, hadNews };
    }
    return { reason: "its stream ended before it did", isFinal: false, hadNews };
  } catch (error) {
    if (silence.verdict !== undefined) {
      return { reason: silence.verdict, isFinal: true, hadNews };
    }
    if (signal.aborted) throw error;
    if (isArenaError(error, "authentication")) throw error;
    watched.lastError = error;
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `its stream broke (${why})`, isFinal: false, hadNews };
  } finally {
    silence.stop();
  }
}

/** @returns true when the frame ended it. */
function takeFrame(watcher: ExecutionWatcher, watched: Watched, frame: FollowFrame): boolean {
  // Hundreds of frames may pass; only who wants the states pays for decoding them.
  if (frame.kind !== "end" && !watched.needsStates) return false;
  const execution = decodeFrame(frame);
  if (execution === undefined || execution.id !== watched.target.id) return false;
  const { current } = execution.state;
  watcher.checkState(current, execution.id);
  watched.advance(execution);
  if (frame.kind !== "end" || !isTerminal(current)) return false;
  watcher.end(watched, current);
  return true;
}

/** Asks the execution itself when its stream is silent for too long, and ends a stream that turns out to hold back. */
class SilenceGuard {
  readonly #watcher: ExecutionWatcher;
  readonly #watched: Watched;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#controller.abort(this.#outer.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasHeard = false;
  /** Why the stream is no use, once that is known. */
  verdict: string | undefined;

  constructor(watcher: ExecutionWatcher, watched: Watched, outer: AbortSignal) {
    this.#watcher = watcher;
    this.#watched = watched;
    this.#outer = outer;
    if (outer.aborted) this.#onAbort();
    else outer.addEventListener("abort", this.#onAbort, { once: true });
    this.#arm(firstFrameMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#hasHeard = true;
    this.#arm(stallMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.signal.aborted) this.#timer = setTimeout(() => void this.#ask(), afterMs);
  }

  async #ask(): Promise<void> {
    const changes = this.#watched.latest?.state.histories?.length ?? 0;
    const wasRead = await this.#watcher.look(this.#watched, this.signal);
    if (this.signal.aborted) return;
    const missed = (this.#watched.latest?.state.histories?.length ?? 0) > changes;
    if (wasRead && (!this.#hasHeard || (missed && this.#watched.needsStates))) {
      this.verdict = "a proxy holds its stream back: turn buffering off for text/event-stream";
      this.#controller.abort();
    } else {
      this.#arm(stallMs);
    }
  }
}
