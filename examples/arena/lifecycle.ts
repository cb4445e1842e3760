import type { MatchMode, MatchStatus } from "./types.ts";

/** How a match is to end; settled when it is created. */
export type Fate =
  | { kind: "plays-on" }
  | { kind: "never-ends" }
  | { kind: "cancelled"; afterRounds: number; reason: string };

/** All that a match's state depends on beside the clock. Times are in ms. */
export interface Timeline {
  createdAtMs: number;
  pendingMs: number;
  /** 0 when a match is over as soon as it is created. */
  roundMs: number;
  /** Infinity in continuous mode. */
  totalRounds: number;
  fate: Fate;
  /** Pauses that ended: after how much play, and how long they took. */
  pauses: { atPlayMs: number; durationMs: number }[];
  pausedAtMs?: number;
}

/** The state of a match at one instant. */
export interface Instant {
  status: Exclude<MatchStatus, "completed">;
  /** How long it has been played, pauses left out. */
  playMs: number;
}

const pace: Record<MatchMode, { rounds: number; roundMs: number }> = {
  quick: { rounds: 5, roundMs: 1000 },
  standard: { rounds: 20, roundMs: 2000 },
  deep: { rounds: 50, roundMs: 3000 },
  continuous: { rounds: Number.POSITIVE_INFINITY, roundMs: 1000 },
};

const pendingMs = 500;
/** With a time scale of 0, continuous matches still need a pace. */
const continuousFallbackScale = 0.05;

export function createTimeline(
  mode: MatchMode,
  createdAtMs: number,
  timeScale: number,
  fate: Fate,
): Timeline {
  const { rounds, roundMs } = pace[mode];
  const scale = mode === "continuous" && timeScale === 0 ? continuousFallbackScale : timeScale;
  return {
    createdAtMs,
    pendingMs: pendingMs * timeScale,
    roundMs: roundMs * scale,
    totalRounds: rounds,
    fate,
    pauses: [],
  };
}

/** What the match has come to by this time. */
export function instantOf(timeline: Timeline, nowMs: number): Instant {
  const pausedMs = timeline.pauses.reduce((sum, pause) => sum + pause.durationMs, 0);
  const untilMs = timeline.pausedAtMs ?? nowMs;
  const playedMs = untilMs - timeline.createdAtMs - pausedMs - timeline.pendingMs;
  const playMs = Math.min(Math.max(playedMs, 0), endMs(timeline));
  // A match that is paused stays so, however many of its rounds are over.
  if (timeline.pausedAtMs !== undefined) return { status: "paused", playMs };
  if (playedMs < 0) return { status: "pending", playMs };
  if (timeline.fate.kind === "never-ends" || playedMs < endMs(timeline)) {
    return { status: "running", playMs };
  }
  return { status: timeline.fate.kind === "cancelled" ? "cancelled" : "complete", playMs };
}

/** The number of rounds that this match can come to, or Infinity. */
export function roundLimit({ fate, totalRounds }: Timeline): number {
  return fate.kind === "cancelled" ? Math.min(fate.afterRounds, totalRounds) : totalRounds;
}

/** The number of rounds that are over after this much play. */
export function roundsAfter(timeline: Timeline, playMs: number): number {
  const limit = roundLimit(timeline);
  if (timeline.roundMs === 0) return limit;
  return Math.min(limit, Math.floor(playMs / timeline.roundMs));
}

/** The clock's time at which the match had been played for this long, its pauses counted in. */
export function clockTime(timeline: Timeline, playMs: number): number {
  const pausedMs = timeline.pauses
    .filter((pause) => pause.atPlayMs < playMs)
    .reduce((sum, pause) => sum + pause.durationMs, 0);
  return timeline.createdAtMs + timeline.pendingMs + playMs + pausedMs;
}

/** Stops the play of a running match. */
export function pause(timeline: Timeline, nowMs: number): void {
  timeline.pausedAtMs = nowMs;
}

/** Lets a paused match play on from where it stopped. */
export function resume(timeline: Timeline, nowMs: number): void {
  if (timeline.pausedAtMs === undefined) return;
  const { playMs } = instantOf(timeline, nowMs);
  timeline.pauses.push({ atPlayMs: playMs, durationMs: nowMs - timeline.pausedAtMs });
  delete timeline.pausedAtMs;
}

function endMs(timeline: Timeline): number {
  const limit = roundLimit(timeline);
  return limit === 0 ? 0 : limit * timeline.roundMs;
}
