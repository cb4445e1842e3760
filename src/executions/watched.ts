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

/** An execution that is watched, and what is known of it. */
export class Watched {
  readonly target: WatchTarget;
  readonly observers = new Set<Observer>();
  /** How it is watched at present. */
  observedBy: ObservedBy = "polling";
  /** Why it is polled although it could have a stream; `undefined` when that is by choice. */
  fallbackReason: string | undefined;
  /** The newest execution that was seen. */
  latest: KestraExecution | undefined;
  /** The last error of a look that will be repeated. */
  lastError: unknown;
  /** How often in a row it was not found. */
  misses = 0;
  /** True once a search was asked whether it knew of its end before it was watched. */
  isSearched = false;
  /** Ends its stream. */
  stream: AbortController | undefined;
  #startOf: KestraExecution | undefined;
  #startedAt: number | undefined;

  constructor(target: WatchTarget) {
    this.target = target;
    this.latest = target.latest;
  }

  /** True when somebody wants every state. */
  get needsStates(): boolean {
    for (const observer of this.observers) if (observer.needsStates) return true;
    return false;
  }

  /**
   * True when it should be read before its stream is opened: it may not exist, which its stream says only after 10 s, or
   * have ended already, which not every stream says.
   */
  get isUncertain(): boolean {
    if (this.latest === undefined || isTerminal(this.latest.state.current)) return true;
    return !this.target.isFresh && !this.isSearched;
  }

  /** When it started, in ms since the epoch by Kestra's clock; `undefined` before that is known. */
  get startedAt(): number | undefined {
    const { latest } = this;
    // Asked for at each tick, of ten thousand: a date is read once.
    if (this.#startOf !== latest) {
      const startedAt = Date.parse(latest?.state.startDate ?? "");
      this.#startOf = latest;
      this.#startedAt = Number.isNaN(startedAt) ? undefined : startedAt;
    }
    return this.#startedAt;
  }

  /** True when it had ended before and goes on: then a row that says that it has ended may be an old one. */
  get hasEndedBefore(): boolean {
    return this.latest?.state.histories?.some(({ state }) => isTerminal(state)) ?? false;
  }

  /** How many changes of state are known. */
  get changes(): number {
    return this.latest?.state.histories?.length ?? 0;
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
    this.latest = execution;
    for (const observer of this.observers) if (observer.needsStates) observer.onState(execution);
    return true;
  }
}

function isOlder(execution: KestraExecution, seen: KestraExecution): boolean {
  const changes = execution.state.histories?.length;
  const seenChanges = seen.state.histories?.length;
  return changes !== undefined && seenChanges !== undefined && changes < seenChanges;
}
