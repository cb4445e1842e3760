import type { KestraExecution } from "../kestra/schemas.ts";

/** How an execution is watched: by its own stream, or by looking now and then. */
export type ObservedBy = "stream" | "polling";

/** Somebody who waits for an execution. */
export interface Observer {
  /** True when every change of state matters; false when only the end does. */
  readonly needsStates: boolean;
  /** Told each new state, when it asked for them. */
  onState(execution: KestraExecution): void;
  /** Told once that the execution has ended, and in which state. */
  onEnd(state: string): void;
  /** Told once that it cannot be watched: the credentials were refused, or it does not exist. */
  onFailure(error: unknown): void;
}

/** An execution to watch. */
export interface WatchTarget {
  readonly id: string;
  readonly namespace: string;
  /** True when it carries this client's label: then one search finds it among all the others. */
  readonly isStamped: boolean;
  /** Until then (`performance.now()`) a 404 means that it is not there yet. */
  readonly notFoundUntil: number;
  /** When it started, as far as it is known, in ms since the epoch: nothing that ended before matters. */
  readonly startedAt: number;
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
  /** Ends its stream. */
  stream: AbortController | undefined;

  constructor(target: WatchTarget) {
    this.target = target;
  }

  /** True when somebody wants every state. */
  get needsStates(): boolean {
    return [...this.observers].some((observer) => observer.needsStates);
  }

  /** Passes a new state on. One that is older than what was seen is dropped: 1.3's streams can go backwards. */
  advance(execution: KestraExecution): void {
    if (this.latest !== undefined && isOlder(execution, this.latest)) return;
    this.latest = execution;
    this.lastError = undefined;
    for (const observer of this.observers) if (observer.needsStates) observer.onState(execution);
  }
}

function isOlder(execution: KestraExecution, seen: KestraExecution): boolean {
  const changes = execution.state.histories?.length;
  const seenChanges = seen.state.histories?.length;
  return changes !== undefined && seenChanges !== undefined && changes < seenChanges;
}
