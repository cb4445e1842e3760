/** The clocks of Kestra's nodes may differ by that much from each other, and from the one here. */
export const clockSkewMs = 5 * 60_000;

/** Every time that watching and starting go by, in one place; tests on real sockets run with shorter ones. */
export interface Timings {
  /** Kestra sends the first frame at once; a proxy that holds it back for that long holds back the rest as well. */
  readonly firstFrameMs: number;
  /** A stream has no heartbeat. After so much silence the execution itself is asked whether anything was missed. */
  readonly stallMs: number;
  /**
   * The same once something is being killed: Kestra 1.3 sends no last frame of an execution whose subflows were killed
   * with it, as its task runs stay RUNNING for ever.
   */
  readonly killStallMs: number;
  /** The pause before a stream that broke is opened again; it doubles. */
  readonly reconnectMs: number;
  /** How often in a row a stream that brings nothing new is opened again before polling takes over. */
  readonly maxReconnects: number;
  /** For how long no stream is tried after a proxy was seen to hold one back. */
  readonly heldBackMs: number;
  /** A FAILED is read again after that: a task's retry passes through it. */
  readonly secondLookMs: number;
  /** The time-out of one look; the next look is a tick away anyway. */
  readonly lookTimeoutMs: number;
  /** While looks fail they become rarer, up to this. */
  readonly maxPauseMs: number;
  /** After a start the execution may not be readable for so long. */
  readonly notFoundGraceMs: number;
  /**
   * How long a start may take to be seen by others, and by how much the clocks of Kestra's nodes may differ. Measured:
   * see docs/decisions/never-started-twice.md.
   */
  readonly visibilityWindowMs: number;
  /** How long the owner of a later execution may take to kill it, before it is taken to have left without seeing ours. */
  readonly yieldPatienceMs: number;
  /** For how long a start whose answer was lost is looked for. */
  readonly lookUpMs: number;
}

/** What the client goes by. */
export const defaultTimings: Timings = {
  firstFrameMs: 5_000,
  stallMs: 15_000,
  killStallMs: 1_000,
  reconnectMs: 250,
  maxReconnects: 4,
  heldBackMs: 10 * 60_000,
  secondLookMs: 200,
  lookTimeoutMs: 10_000,
  maxPauseMs: 10_000,
  notFoundGraceMs: 10_000,
  visibilityWindowMs: 500,
  yieldPatienceMs: 15_000,
  lookUpMs: 5_000,
};
