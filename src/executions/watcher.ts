import { isArenaError } from "../errors.ts";
import type { KestraApi } from "../kestra/index.ts";
import { isKnownState, isTerminal } from "../kestra/states.ts";
import type { ExecutionWarning } from "./context.ts";
import { PollLoop } from "./poll-loop.ts";
import { followExecution } from "./stream.ts";
import { type Observer, Watched, type WatchTarget } from "./watched.ts";

/** What a watcher needs. */
export interface WatcherSettings {
  kestra: KestraApi;
  /** The value of the label that the client stamps. */
  clientId: string;
  /** How often the loop looks, in milliseconds. */
  tickMs: number;
  /** Up to how many executions have a stream each. */
  maxStreams: number;
  /** Told what went otherwise than it should. */
  warn: (warning: ExecutionWarning) => void;
}

/**
 * Watches all executions of a client. Few of them have a stream each; of many, only those whose every state somebody
 * wants, while one search a tick finds which of the others have newly ended. Nothing runs while nothing is watched.
 */
export class ExecutionWatcher {
  readonly settings: WatcherSettings;
  readonly #watched = new Map<string, Watched>();
  readonly #polled = new Set<Watched>();
  readonly #polling: PollLoop;
  readonly #warnedStates = new Set<string>();
  /** Set when a proxy was seen to hold streams back: then no other is tried. */
  #streamsHeldBack: string | undefined;

  constructor(settings: WatcherSettings) {
    this.settings = settings;
    this.#polling = new PollLoop(this);
  }

  /** Starts to watch. @returns what ends it. */
  watch(target: WatchTarget, observer: Observer): () => void {
    let watched = this.#watched.get(target.id);
    if (watched === undefined) {
      watched = new Watched(target);
      watched.fallbackReason = this.#streamsHeldBack;
      this.#watched.set(target.id, watched);
      this.#polled.add(watched);
    }
    watched.observers.add(observer);
    if (watched.latest !== undefined && observer.needsStates) observer.onState(watched.latest);
    this.#balance(watched);
    return () => {
      watched.observers.delete(observer);
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
    const { id, notFoundUntil } = watched.target;
    try {
      let execution = await this.settings.kestra.executions.get(id, { signal });
      if (execution.state.current === "FAILED") {
        execution = await this.settings.kestra.executions.get(id, { signal });
      }
      this.checkState(execution.state.current, id);
      watched.advance(execution);
      if (isTerminal(execution.state.current)) this.end(watched, execution.state.current);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      watched.lastError = error;
      const isMissing = isArenaError(error, "not_found") && performance.now() >= notFoundUntil;
      if (isMissing || isArenaError(error, "authentication")) this.fail(watched, error);
      return false;
    }
  }

  /** Tells the observers that an execution has ended, and stops to watch it. */
  end(watched: Watched, state: string): void {
    const observers = [...watched.observers];
    this.#drop(watched);
    for (const observer of observers) observer.onEnd(state);
  }

  /** Tells the observers that an execution cannot be watched, and stops to. */
  fail(watched: Watched, error: unknown): void {
    const observers = [...watched.observers];
    this.#drop(watched);
    for (const observer of observers) observer.onFailure(error);
  }

  /** Goes over from a stream to polling, which always works. */
  fallBack(watched: Watched, code: "stream_unavailable" | "stream_buffered", reason: string): void {
    if (!this.isWatched(watched)) return;
    watched.stream?.abort();
    watched.stream = undefined;
    watched.observedBy = "polling";
    watched.fallbackReason = reason;
    this.#polled.add(watched);
    this.#polling.update();
    if (code === "stream_buffered") {
      // The next one would be held back by the same proxy.
      if (this.#streamsHeldBack === reason) return;
      this.#streamsHeldBack = reason;
    }
    const { id } = watched.target;
    this.settings.warn({ code, executionId: id, message: `Execution ${id} is polled: ${reason}.` });
  }

  /** Warns, once a state, of one that this version does not know. */
  checkState(state: string, executionId: string): void {
    if (isKnownState(state) || this.#warnedStates.has(state)) return;
    this.#warnedStates.add(state);
    const message = `Execution ${executionId} is in the unknown state ${state}; it is taken as not ended. A newer kestra-arena may know it.`;
    this.settings.warn({ code: "unknown_state", executionId, message });
  }

  #drop(watched: Watched): void {
    if (!this.#watched.delete(watched.target.id)) return;
    watched.stream?.abort();
    this.#polled.delete(watched);
    this.#balance();
  }

  /** Opens streams where there is room for them. Those that are open stay: closing one only costs a request. */
  #balance(added?: Watched): void {
    const { maxStreams } = this.settings;
    const isFew = this.#watched.size <= maxStreams;
    // Above the limit only the new one can have become entitled, so that adding thousands stays cheap.
    const candidates = isFew ? this.#watched.values() : added === undefined ? [] : [added];
    let open = 0;
    if (!isFew && added !== undefined && added.needsStates) {
      for (const { stream } of this.#watched.values()) if (stream !== undefined) open += 1;
    }
    for (const watched of candidates) {
      if (watched.stream !== undefined || watched.fallbackReason !== undefined) continue;
      if (!isFew && !(watched.needsStates && open < maxStreams)) continue;
      watched.stream = new AbortController();
      watched.observedBy = "stream";
      this.#polled.delete(watched);
      void followExecution(this, watched, watched.stream.signal);
    }
    this.#polling.update();
  }
}
