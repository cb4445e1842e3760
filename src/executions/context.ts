import type { KestraApi } from "../kestra/index.ts";
import type { Gate } from "./gate.ts";
import type { Timings } from "./timings.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** Something that went otherwise than it should, and that was got over. */
export interface ExecutionWarning {
  code:
    | "unknown_state"
    | "stream_unavailable"
    | "stream_buffered"
    | "poll_failing"
    | "kill_pending"
    | "duplicate_killed";
  message: string;
  executionId?: string;
}

/** What all executions of one client share. */
export interface ExecutionContext {
  /** The REST layer. */
  readonly kestra: KestraApi;
  /** The one watcher. */
  readonly watcher: ExecutionWatcher;
  /** Lets so many results be read at a time: a thousand may end in one tick. */
  readonly reads: Gate;
  /** The tenant, for the URLs of the UI. */
  readonly tenant: string;
  /** The namespace of flows that name none. */
  readonly namespace: string;
  /** What the client stamps on what it starts, so that one search finds all of it. */
  readonly clientId: string;
  /** Labels that every execution gets. */
  readonly labels: Readonly<Record<string, string>>;
  /** The whole time of one start in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The times that starting and watching go by. */
  readonly timings: Timings;
  /** Told what went otherwise than it should. */
  readonly warn: (warning: ExecutionWarning) => void;
}
