/** What the benchmarks tell their server. */
export type ServerCommand =
  | { kind: "reset" }
  | { kind: "counts" }
  | {
      kind: "spawn";
      count: number;
      /** The first ends after so long. */
      minMs: number;
      /** The last ends after so long. */
      maxMs: number;
    }
  /** From now on what is started runs until it is released. */
  | { kind: "hold" }
  /** What was held ends, evenly spread; what was asked until now is forgotten. */
  | { kind: "release"; minMs: number; maxMs: number };

/** An execution, and when it ends in ms since the epoch. */
export interface SpawnedRun {
  id: string;
  endsAt: number;
}

/** What was asked of the server. */
export interface ServerCounts {
  requests: number;
  /** Bytes of bodies that were sent. */
  bytes: number;
  /** Rows of searches that were sent. */
  rows: number;
}

/** What the server tells the benchmarks. */
export type ServerReply =
  | { kind: "listening"; url: string }
  | { kind: "done" }
  | { kind: "spawned"; runs: SpawnedRun[] }
  | { kind: "counts"; counts: ServerCounts };
