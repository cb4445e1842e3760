import { clockTime, instantOf, roundLimit, roundsAfter } from "./lifecycle.ts";
import { isoTime, type MatchRecord } from "./matches.ts";
import type { PlantingOptions } from "./planting.ts";
import { isWonByBlue, isWonByRed, playRound, type RoundResult } from "./play.ts";
import { uuidFrom } from "./random.ts";
import { houseSecrets, type Mark } from "./secrets.ts";
import { composeExchange } from "./texts.ts";
import { type ArenaEvent, type Outcome, type Round, severityScore } from "./types.ts";

export interface EventOptions extends PlantingOptions {
  seed: number;
}

/** Something that was planted in the text of an event. */
export interface PlantedInEvent extends Mark {
  matchId: string;
  roundNumber: number;
  eventId: string;
}

interface MarkedEvent {
  event: ArenaEvent;
  roundNumber: number;
  marks: Mark[];
}

type Speaker = "attack" | "defense" | "target";

/** When in a round each agent speaks, as a share of the round. */
const speaksAt: Record<Speaker, number> = { attack: 0.25, defense: 0.5, target: 0.75 };

/** The events up to this time, oldest first, from `offset` on and at most `limit`. */
export function listEvents(
  record: MatchRecord,
  nowMs: number,
  limit: number,
  offset: number,
  options: EventOptions,
): ArenaEvent[] {
  return markedEvents(record, nowMs, options)
    .drop(offset)
    .take(limit)
    .map(({ event }) => event)
    .toArray();
}

/** The rounds that are over. */
export function listRounds(record: MatchRecord, nowMs: number): Round[] {
  const { timeline, play } = record;
  const rounds = roundsAfter(timeline, instantOf(timeline, nowMs).playMs);
  return Array.from({ length: rounds }, (_, index) => {
    const roundNumber = index + 1;
    const result = playRound(play, roundNumber);
    return {
      id: eventId(record, roundNumber, "round"),
      matchId: record.id,
      roundNumber,
      attackEventId: eventId(record, roundNumber, "attack"),
      defenseEventId: eventId(record, roundNumber, "defense"),
      ...(result.reachesTarget && { targetEventId: eventId(record, roundNumber, "target") }),
      score: {
        attackSuccess: isWonByRed(result.outcome),
        defenseSuccess: isWonByBlue(result.outcome),
        severity: severityScore(result.severity),
      },
      timestamp: isoTime(clockTime(timeline, roundNumber * timeline.roundMs)),
    };
  });
}

/** What was planted in the match's events up to this time. */
export function plantedInMatch(
  record: MatchRecord,
  nowMs: number,
  options: EventOptions,
): PlantedInEvent[] {
  return markedEvents(record, nowMs, options)
    .flatMap(({ event, roundNumber, marks }) =>
      marks.map((mark) => ({ ...mark, matchId: record.id, roundNumber, eventId: event.id })),
    )
    .toArray();
}

/** Writes the events one by one, so that nobody pays for those that are not read. */
function* markedEvents(
  record: MatchRecord,
  nowMs: number,
  options: EventOptions,
): Generator<MarkedEvent, undefined> {
  const { timeline } = record;
  const { status, playMs } = instantOf(timeline, nowMs);
  const limit = roundLimit(timeline);
  if (status === "pending") return;
  if (limit > 0) yield systemEvent(record, 0, "started", "Match started");

  for (let roundNumber = 1; roundNumber <= limit; roundNumber += 1) {
    for (const marked of roundEvents(record, roundNumber, options)) {
      if (playedAt(record, roundNumber, marked.event.type as Speaker) > playMs) return;
      yield marked;
    }
  }

  if (status === "complete") yield systemEvent(record, playMs, "ended", "Match complete");
  if (status === "cancelled" && timeline.fate.kind === "cancelled") {
    yield systemEvent(record, playMs, "ended", `Match cancelled: ${timeline.fate.reason}`);
  }
}

function roundEvents(
  record: MatchRecord,
  roundNumber: number,
  options: EventOptions,
): MarkedEvent[] {
  const result = playRound(record.play, roundNumber);
  const secrets = houseSecrets(options.seed, record.target.name);
  const exchange = composeExchange(record.play.key, roundNumber, result, secrets, options);

  const attack: MarkedEvent = {
    event: {
      ...spoken(record, roundNumber, "attack", result),
      prompt: exchange.attack.text,
      reasoning: exchange.reasoning,
      toolCalls: exchange.toolCalls,
      outcome: result.outcome,
      description: `${record.red.name} tried ${result.attackType}: ${result.outcome}`,
    },
    roundNumber,
    marks: exchange.attack.marks,
  };
  const defense: MarkedEvent = {
    event: {
      ...spoken(record, roundNumber, "defense", result),
      prompt: exchange.verdict,
      toolCalls: [],
      outcome: defenseOutcome(result.outcome),
      description: `${record.blue.name} answered ${result.attackType}: ${defenseOutcome(result.outcome)}`,
    },
    roundNumber,
    marks: [],
  };
  if (!result.reachesTarget) return [attack, defense];

  const isBroken = exchange.reply.marks.some(({ kind }) => kind === "error-reply");
  const target: MarkedEvent = {
    event: {
      ...spoken(record, roundNumber, "target", result),
      prompt: exchange.reply.text,
      toolCalls: [],
      outcome: isBroken ? "failed" : "processed",
      description: `${record.target.name} replied`,
    },
    roundNumber,
    marks: exchange.reply.marks,
  };
  return [attack, defense, target];
}

function spoken(
  record: MatchRecord,
  roundNumber: number,
  type: Speaker,
  { severity, attackType }: RoundResult,
) {
  const agent = { attack: record.red, defense: record.blue, target: record.target }[type];
  return {
    id: eventId(record, roundNumber, type),
    matchId: record.id,
    timestamp: isoTime(clockTime(record.timeline, playedAt(record, roundNumber, type))),
    type,
    agentId: agent.id,
    agentName: agent.name,
    severity,
    attackType,
  };
}

function systemEvent(
  record: MatchRecord,
  playMs: number,
  name: "started" | "ended",
  text: string,
): MarkedEvent {
  const event: ArenaEvent = {
    id: eventId(record, 0, name),
    matchId: record.id,
    timestamp: isoTime(clockTime(record.timeline, playMs)),
    type: "system",
    agentId: "system",
    agentName: "Arena",
    severity: "low",
    prompt: text,
    toolCalls: [],
    outcome: "processed",
    description: text,
  };
  return { event, roundNumber: 0, marks: [] };
}

function defenseOutcome(outcome: Outcome): Outcome {
  if (outcome === "success") return "failed";
  return outcome === "failed" ? "processed" : outcome;
}

function playedAt({ timeline }: MatchRecord, roundNumber: number, speaker: Speaker): number {
  return (roundNumber - 1 + speaksAt[speaker]) * timeline.roundMs;
}

function eventId(record: MatchRecord, roundNumber: number, part: string): string {
  return uuidFrom(record.play.key, record.id, roundNumber, part);
}
