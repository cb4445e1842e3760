import type { KestraExecution } from "../kestra/schemas.ts";
import { isTerminal } from "../kestra/states.ts";

/** How an execution is watched: by its own stream, or by looking now and then. */
export type ObservedBy = "stream" | "polling";

/** How an execution ended. */
export interface End {
  /** The state that it ended in. */
  readonly state: string;
  /** The execution, when it was read and not just found among those that have ended. */
  readonly execution: KestraExecution | undefined;
}

/** Somebody who waits for an execution. */
export interface Observer {
  /** True when every change of state matters; false when only the end does. */
  readonly needsStates: boolean;
  /** Told each new state, when it asked for them. */
  onState(execution: KestraExecution): void;
  /** Told once that the execution has ended. */
  onEnd(end: End): void;
  /** Told once that it cannot be watched: the credentials were refused, or it does not exist. */
  onFailure(error: unknown): void;
}

/** An execution to watch. */
export interface WatchTarget {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  /** The client whose label it carries, as far as that is known: one search finds all of a client's. */
  readonly clientId: string | undefined;
  /** Until then (`performance.now()`) a 404 means that it is not there yet. */
  readonly notFoundUntil: number;
  /** The newest that is known of it. */
  readonly latest: KestraExecution | undefined;
  /** True when that was read a moment ago. */
  readonly isFresh: boolean;
}

/** An execution that is watched, and what is known of it. What is asked for at each tick, of ten thousand, is a field. */
export class Watched {
  readonly target: WatchTarget;
  /** The same for all whose ends one search can find. */
  readonly group: string;
  readonly observers = new Set<Observer>();
  /** True when somebody wants every state. */
  needsStates = false;
  /** How it is watched at present. */
  observedBy: ObservedBy = "polling";
  /** Why it is polled although it could have a stream; `undefined` when that is by choice. */
  fallbackReason: string | undefined;
  /** The last error of a look that will be repeated. */
  lastError: unknown;
  /** How often in a row it was not found. */
  misses = 0;
  /** True once a search was asked whether it knew of its end before it was watched. */
  isSearched = false;
  /** Ends its stream. */
  stream: AbortController | undefined;
  #latest: KestraExecution | undefined;
  #startedAt = Number.NaN;
  #hasEndedBefore = false;

  constructor(target: WatchTarget) {
    const { clientId = "", namespace, flowId, latest } = target;
    this.target = target;
    this.group = `${clientId} ${namespace} ${flowId}`;
    if (latest !== undefined) this.#see(latest);
  }

  /** The newest execution that was seen. */
  get latest(): KestraExecution | undefined {
    return this.#latest;
  }

  /** When it started, in ms since the epoch by Kestra's clock; `NaN` before that is known. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /**
   * True for one whose end a row of a search may tell. Its start has to be known, and it must not have ended before and
   * gone on: then a row that says that it has ended may be an old one.
   */
  get isSearchable(): boolean {
    return !this.needsStates && !Number.isNaN(this.#startedAt) && !this.#hasEndedBefore;
  }

  /**
   * True when it should be read before its stream is opened: it may not exist, which its stream says only after 10 s, or
   * have ended already, which not every stream says.
   */
  get isUncertain(): boolean {
    if (this.latest === undefined || isTerminal(this.latest.state.current)) return true;
    return !this.target.isFresh && !this.isSearched;
  }

  /** How many changes of state are known. */
  get changes(): number {
    return this.latest?.state.histories?.length ?? 0;
  }

  /** Lets somebody wait for it. */
  add(observer: Observer): void {
    this.observers.add(observer);
    this.needsStates ||= observer.needsStates;
  }

  /** Lets somebody go. */
  remove(observer: Observer): void {
    this.observers.delete(observer);
    if (observer.needsStates) this.needsStates = this.observers.values().some(wantsStates);
  }

  /**
   * Passes a new state on.
   *
   * @returns false for one that is older than what was seen: 1.3's streams can go backwards, and a read may come from
   * before a restart.
   */
  advance(execution: KestraExecution): boolean {
    this.lastError = undefined;
    this.misses = 0;
    if (this.latest !== undefined && isOlder(execution, this.latest)) return false;
    this.#see(execution);
    for (const observer of this.observers) if (observer.needsStates) observer.onState(execution);
    return true;
  }

  #see(execution: KestraExecution): void {
    const { startDate = "", histories = [] } = execution.state;
    this.#latest = execution;
    this.#startedAt = Date.parse(startDate);
    this.#hasEndedBefore = histories.some(({ state }) => isTerminal(state));
  }
}

function wantsStates({ needsStates }: Observer): boolean {
  return needsStates;
}

function isOlder(execution: KestraExecution, seen: KestraExecution): boolean {
  const changes = execution.state.histories?.length;
  const seenChanges = seen.state.histories?.length;
  return changes !== undefined && seenChanges !== undefined && changes < seenChanges;
}
