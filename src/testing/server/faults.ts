/** What goes wrong with one request. */
export type Fault =
  /** Nothing comes back until the caller gives up. With `isDone`, what was asked is done all the same. */
  | { kind: "hang"; isDone?: boolean }
  /** The connection breaks before anything is done, after it was done, or in mid-body. */
  | { kind: "reset"; when: "before" | "after" | "body" }
  /** Another answer than the server's own; with `isDone`, what was asked is done all the same. */
  | {
      kind: "answer";
      status: number;
      isDone?: boolean;
      headers?: Record<string, string>;
      body?: string;
    }
  /** The answer comes so late. */
  | { kind: "delay"; delayMs: number }
  /** What was asked is done so late, though the caller hears nothing of it: the connection breaks at once. */
  | { kind: "late"; doneMs: number }
  /** An error of Kestra's own, in the line's words; nothing is done. */
  | { kind: "problem"; status: number; slug: string; headers?: Record<string, string> }
  /** A killed execution that stays in KILLING; for other requests it is no fault. */
  | { kind: "kill-hangs" }
  /** A stream that goes wrong; for other requests it is no fault. */
  | { kind: "stream"; how: StreamFault };

/** How a stream goes wrong. */
export type StreamFault =
  /** No byte ever comes. */
  | "silent"
  /** The present state comes, and then nothing. */
  | "stalls"
  /** It ends after the present state. */
  | "ends-early"
  /** It breaks after the present state. */
  | "breaks"
  /** Something else than frames comes, and the end. */
  | "garbage"
  /** It ends in the middle of the last frame. */
  | "half-frame"
  /** Every frame comes twice. */
  | "repeats"
  /** Another execution's end comes first. */
  | "foreign"
  /** Older frames come again after newer ones. */
  | "backwards"
  /** An error's page comes instead. */
  | "page";

/** A request as a fault plan sees it. */
export interface SimulatedRequest {
  readonly method: string;
  /** The path below the tenant. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent. */
  readonly target: string;
  /** What it is for. */
  readonly route: Route;
}

/** What a request is for. */
export type Route =
  | "configs"
  | "create"
  | "get"
  | "search"
  | "follow"
  | "kill"
  | "action"
  | "outputs"
  | "logs"
  | "file"
  | "other";

/** Decides what goes wrong with a request; nothing when it answers `undefined`. */
export type FaultPlan = (request: SimulatedRequest) => Fault | undefined;

/** What fetch throws for a connection that breaks. */
export function brokenConnection(code = "ECONNRESET"): TypeError {
  const cause = Object.assign(new Error(`read ${code}`), { code });
  return new TypeError("fetch failed", { cause });
}
