import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { isKnownState, isTerminal } from "../kestra/states.ts";
import type { ExecutionWarning } from "./context.ts";
import { PollLoop } from "./poll-loop.ts";
import { followExecution } from "./stream.ts";
import type { Timings } from "./timings.ts";
import { type End, type Observer, Watched, type WatchTarget } from "./watched.ts";

/** What a watcher needs. */
export interface WatcherSettings {
  kestra: KestraApi;
  /** How often the loop looks, in milliseconds. */
  tickMs: number;
  /** Up to how many executions have a stream each. */
  maxStreams: number;
  /** The times that it goes by. */
  timings: Timings;
  /** Told what went otherwise than it should. */
  warn: (warning: ExecutionWarning) => void;
}

/** One warning of a kind says it for all executions that fall back at that time. */
const warnEveryMs = 60_000;

/**
 * Watches all executions of a client. Few of them have a stream each; of many, only those whose every state somebody
 * wants, while one search a tick finds which of the others have newly ended. Nothing runs while nothing is watched.
 */
export class ExecutionWatcher {
  readonly settings: WatcherSettings;
  readonly #watched = new Map<string, Watched>();
  /** Those without a stream. */
  readonly #polled = new Set<Watched>();
  /** Those of them that should have one as soon as there is room. */
  readonly #wanting = new Set<Watched>();
  readonly #polling: PollLoop;
  readonly #warnedStates = new Set<string>();
  readonly #warnedAt = new Map<string, number>();
  #streams = 0;
  #balancing: ReturnType<typeof setTimeout> | undefined;
  /** Set when a proxy was seen to hold streams back: then no other is tried for a while. */
  #heldBack: { reason: string; until: number } | undefined;

  constructor(settings: WatcherSettings) {
    this.settings = settings;
    this.#polling = new PollLoop(this);
  }

  /** Starts to watch. @returns what ends it. */
  watch(target: WatchTarget, observer: Observer): () => void {
    const watched = this.#watched.get(target.id) ?? this.#add(target);
    watched.add(observer);
    if (observer.needsStates) {
      if (watched.stream === undefined) this.#wanting.add(watched);
      if (watched.latest !== undefined) observer.onState(watched.latest);
    }
    this.#balanceSoon();
    return () => {
      watched.remove(observer);
      if (watched.observers.size === 0) this.#drop(watched);
    };
  }

  /** How an execution is watched, and why so when it was not by choice; `undefined` when it is not. */
  describe(executionId: string): Watched | undefined {
    return this.#watched.get(executionId);
  }

  /** The executions that have no stream. */
  polled(): ReadonlySet<Watched> {
    return this.#polled;
  }

  /** True while an execution is watched. */
  isWatched(watched: Watched): boolean {
    return this.#watched.get(watched.target.id) === watched;
  }

  /**
   * Reads an execution and draws the conclusions. A FAILED is read twice: a task's retry passes through it.
   *
   * @returns false when the read failed and will have to be repeated.
   */
  async look(watched: Watched, signal: AbortSignal): Promise<boolean> {
    try {
      let execution = await this.#read(watched, signal);
      if (execution.state.current === "FAILED") {
        await sleep(this.settings.timings.secondLookMs, signal);
        execution = await this.#read(watched, signal);
      }
      this.take(watched, execution, isTerminal(execution.state.current));
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.#takeError(watched, error);
      return false;
    }
  }

  /** Takes what was read of an execution. @param isEnd - True when the state is its last for certain. */
  take(watched: Watched, execution: KestraExecution, isEnd: boolean): void {
    const { current } = execution.state;
    this.#checkState(current, execution.id);
    if (!watched.advance(execution)) return;
    if (isEnd) this.end(watched, { state: current, execution });
  }

  /** Tells the observers that an execution has ended, and stops to watch it. */
  end(watched: Watched, end: End): void {
    const observers = [...watched.observers];
    this.#drop(watched);
    for (const observer of observers) observer.onEnd(end);
  }

  /** Tells the observers that an execution cannot be watched, and stops to. */
  fail(watched: Watched, error: unknown): void {
    const observers = [...watched.observers];
    this.#drop(watched);
    for (const observer of observers) observer.onFailure(error);
  }

  /** Goes over from a stream to polling, which always works. @param watched - One that is still watched. */
  fallBack(watched: Watched, code: "stream_unavailable" | "stream_buffered", reason: string): void {
    this.#closeStream(watched);
    watched.observedBy = "polling";
    watched.fallbackReason = reason;
    // A search may have come by its end while the stream was to tell it.
    watched.isSearched = false;
    this.#polled.add(watched);
    if (code === "stream_buffered") {
      // The next one would be held back by the same proxy.
      this.#heldBack = { reason, until: performance.now() + this.settings.timings.heldBackMs };
    }
    this.#balanceSoon();
    const { id } = watched.target;
    this.warnAtTimes({ code, executionId: id, message: `Execution ${id} is polled: ${reason}.` });
  }

  /** Warns, but not once an execution of a thousand. */
  warnAtTimes(warning: ExecutionWarning): void {
    const now = performance.now();
    const warnedAt = this.#warnedAt.get(warning.code);
    if (warnedAt !== undefined && now - warnedAt < warnEveryMs) return;
    this.#warnedAt.set(warning.code, now);
    this.settings.warn(warning);
  }

  async #read(watched: Watched, signal: AbortSignal): Promise<KestraExecution> {
    const { kestra, timings } = this.settings;
    const { id } = watched.target;
    const options = { signal, timeoutMs: timings.lookTimeoutMs, retry: false };
    const execution = await kestra.executions.get(id, options);
    if (execution.id === id) return execution;
    throw new Error(`Kestra answered execution ${execution.id} for ${id}`);
  }

  #takeError(watched: Watched, error: unknown): void {
    watched.lastError = error;
    if (isArenaError(error, "authentication")) this.fail(watched, error);
    if (!isArenaError(error, "not_found")) return;
    if (performance.now() < watched.target.notFoundUntil) return;
    watched.misses += 1;
    // What was there a moment ago may be missing on one node of several.
    if (watched.latest === undefined || watched.misses > 2) this.fail(watched, error);
  }

  /** Warns, once a state, of one that this version does not know. */
  #checkState(state: string, executionId: string): void {
    if (isKnownState(state) || this.#warnedStates.has(state)) return;
    this.#warnedStates.add(state);
    const message = `Execution ${executionId} is in the unknown state ${state}; it is taken as not ended. A newer kestra-arena may know it.`;
    this.settings.warn({ code: "unknown_state", executionId, message });
  }

  #add(target: WatchTarget): Watched {
    const watched = new Watched(target);
    if (this.#heldBack !== undefined && performance.now() < this.#heldBack.until) {
      watched.fallbackReason = this.#heldBack.reason;
    }
    this.#watched.set(target.id, watched);
    this.#polled.add(watched);
    return watched;
  }

  #drop(watched: Watched): void {
    if (!this.isWatched(watched)) return;
    this.#watched.delete(watched.target.id);
    this.#polled.delete(watched);
    this.#wanting.delete(watched);
    this.#closeStream(watched);
    if (this.#polled.size === 0) this.#polling.update();
    if (this.#watched.size > 0) this.#balanceSoon();
    else {
      clearTimeout(this.#balancing);
      this.#balancing = undefined;
    }
  }

  /** A moment later, when all that are added or have ended together are there: a hundred need no stream each. */
  #balanceSoon(): void {
    this.#balancing ??= setTimeout(() => {
      this.#balancing = undefined;
      this.#balance();
    }, 0);
  }

  /** Opens streams where there is room for them. Those that are open stay: closing one only costs a request. */
  #balance(): void {
    const { maxStreams } = this.settings;
    const isFew = this.#watched.size <= maxStreams;
    for (const watched of isFew ? this.#watched.values() : this.#wanting) {
      if (this.#streams >= maxStreams) break;
      this.#wanting.delete(watched);
      if (watched.stream !== undefined || watched.fallbackReason !== undefined) continue;
      this.#openStream(watched);
    }
    this.#polling.update();
  }

  #openStream(watched: Watched): void {
    watched.stream = new AbortController();
    watched.observedBy = "stream";
    this.#streams += 1;
    this.#polled.delete(watched);
    void followExecution(this, watched, watched.stream.signal);
  }

  #closeStream(watched: Watched): void {
    if (watched.stream === undefined) return;
    watched.stream.abort();
    watched.stream = undefined;
    this.#streams -= 1;
  }
}
