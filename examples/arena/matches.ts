import {
  clockTime,
  instantOf,
  pause,
  resume,
  roundLimit,
  roundsAfter,
  type Timeline,
} from "./lifecycle.ts";
import { isWonByBlue, isWonByRed, type Play, playRound } from "./play.ts";
import { type Agent, type Match, type MatchMode, type Metadata, severityScore } from "./types.ts";

/** What is kept of a match; everything else is drawn anew whenever it is read. */
export interface MatchRecord {
  id: string;
  mode: MatchMode;
  /** The versions that play, whatever becomes of the agents later. */
  red: Agent;
  blue: Agent;
  target: Agent;
  play: Play;
  timeline: Timeline;
  metadata?: Metadata;
  tally: Tally;
}

/** The count of a match's rounds so far, so that reading a long one does not start over each time. */
export interface Tally {
  rounds: number;
  attacks: number;
  defenses: number;
  severitySum: number;
}

export const emptyTally = (): Tally => ({ rounds: 0, attacks: 0, defenses: 0, severitySum: 0 });

/** The match as the API answers it at this time. */
export function describeMatch(
  record: MatchRecord,
  nowMs: number,
  completeWord: Match["status"],
): Match {
  const { status, playMs } = instantOf(record.timeline, nowMs);
  const tally = countRounds(record, roundsAfter(record.timeline, playMs));
  const match: Match = {
    id: record.id,
    status: status === "complete" ? completeWord : status,
    redAgentId: record.red.id,
    blueAgentId: record.blue.id,
    targetAgentId: record.target.id,
    score: {
      attacks: tally.attacks,
      defenses: tally.defenses,
      severity: tally.rounds === 0 ? 0 : round(tally.severitySum / tally.rounds),
    },
  };
  if (record.metadata !== undefined) match.metadata = record.metadata;
  const startMs = clockTime(record.timeline, 0);
  const endMs = clockTime(record.timeline, playMs);
  const hasStarted = status !== "pending" && roundLimit(record.timeline) > 0;
  if (hasStarted) match.startedAt = isoTime(startMs);
  if (status === "complete" || status === "cancelled") {
    match.completedAt = isoTime(endMs);
    if (hasStarted) match.duration = Math.round(endMs - startMs) / 1000;
  }
  if (status === "complete") match.winner = winnerOf(tally);
  return match;
}

export type PauseAnswer = { message: string } | { error: string };

export function pauseMatch({ id, timeline }: MatchRecord, nowMs: number): PauseAnswer {
  const { status } = instantOf(timeline, nowMs);
  if (status !== "running")
    return { error: `Match ${id} is ${status}: only a running match can be paused.` };
  pause(timeline, nowMs);
  return { message: "Match paused" };
}

export function resumeMatch({ id, timeline }: MatchRecord, nowMs: number): PauseAnswer {
  const { status } = instantOf(timeline, nowMs);
  if (status !== "paused")
    return { error: `Match ${id} is ${status}: only a paused match can be resumed.` };
  resume(timeline, nowMs);
  return { message: "Match resumed" };
}

/** ISO 8601 of a time in ms. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function countRounds({ play, tally }: MatchRecord, rounds: number): Tally {
  while (tally.rounds < rounds) {
    tally.rounds += 1;
    const { outcome, severity } = playRound(play, tally.rounds);
    if (isWonByRed(outcome)) tally.attacks += 1;
    if (isWonByBlue(outcome)) tally.defenses += 1;
    tally.severitySum += severityScore(severity);
  }
  return tally;
}

function winnerOf({ attacks, defenses }: Tally): "red" | "blue" | "draw" {
  if (attacks === defenses) return "draw";
  return attacks > defenses ? "red" : "blue";
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
