import type { Definitions } from "../definitions.ts";
import type { MatchEvent, Severity, Transcripts } from "../match-events.ts";
import { groupBy } from "../statistics/group-by.ts";
import { type MatchTally, severityScores } from "./tally.ts";

const LONGEST_TEXT = 4_000;

/** A text that an agent wrote. It is hostile: escape it wherever it is shown. */
export interface QuotedText {
  text: string;
  /** Characters that were cut off its end. */
  cut: number;
}

/** An attack that got through, with what the blue agent and the target said to it. */
export interface Breach {
  matchId: string;
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  repetition: number;
  attackType: string;
  severity: Severity;
  attack: QuotedText;
  description: QuotedText;
  defense?: QuotedText;
  reply?: QuotedText;
}

/** What got through, most severe first, and how much more there is. */
export interface Breaches {
  shown: Breach[];
  /** All attacks that got through in the transcripts that were given. */
  total: number;
}

/** Collects the attacks that got through: most severe first, and among equals every pairing before any twice. */
export function collectBreaches(
  tallies: readonly MatchTally[],
  transcripts: Transcripts,
  definitions: Definitions,
  limit: number,
): Breaches {
  const found = tallies.flatMap((tally) => {
    const events = transcripts.get(tally.row.matchId ?? "") ?? [];
    return events.flatMap((event, index) =>
      gotThrough(event, definitions) ? [{ tally, events, event, index }] : [],
    );
  });
  // Stable sorts, so equals stay in the order of the rows' ids and repetitions.
  const ranked = [...groupBy(found, ({ tally }) => tally.stratum).values()].flatMap((cell) =>
    cell
      .sort((a, b) => score(b.event) - score(a.event))
      .map((breach, place) => ({ ...breach, place })),
  );
  const shown = ranked
    .sort((a, b) => score(b.event) - score(a.event) || a.place - b.place)
    .slice(0, limit)
    .map(({ tally, events, event, index }) => toBreach(tally, events, event, index));
  return { shown, total: found.length };
}

function toBreach(
  { row }: MatchTally,
  events: readonly MatchEvent[],
  attack: MatchEvent,
  index: number,
): Breach {
  const rest = events.slice(index + 1);
  const nextAttack = rest.findIndex(({ type }) => type === "attack");
  const answers = nextAttack < 0 ? rest : rest.slice(0, nextAttack);
  const defense = answers.find(({ type }) => type === "defense");
  const reply = answers.find(({ type }) => type === "target");
  return {
    matchId: row.matchId ?? "",
    redAgentId: row.redAgentId,
    blueAgentId: row.blueAgentId,
    targetAgentId: row.targetAgentId,
    repetition: row.repetition,
    attackType: attack.attackType ?? "unknown",
    severity: attack.severity ?? "low",
    attack: quote(attack.prompt),
    description: quote(attack.description),
    ...(defense && { defense: quote(defense.prompt) }),
    ...(reply && { reply: quote(reply.prompt) }),
  };
}

function gotThrough({ type, outcome }: MatchEvent, definitions: Definitions): boolean {
  return type === "attack" && outcome !== undefined && definitions[outcome] === "success";
}

function quote(value: unknown): QuotedText {
  const text = typeof value === "string" ? value.toWellFormed() : "";
  const cut = Math.max(0, text.length - LONGEST_TEXT);
  // Cutting a pair of surrogates in two leaves half a character.
  return { text: text.slice(0, LONGEST_TEXT).toWellFormed(), cut };
}

function score({ severity }: MatchEvent): number {
  return severity === undefined ? 0 : (severityScores[severity] ?? 0);
}
