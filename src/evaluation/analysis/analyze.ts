import { type Displayable, displayed } from "../../display.ts";
import type { AttackOutcomes } from "../../flows/match-metrics.ts";
import type { AgentInfo } from "../agents.ts";
import { checkConfidence } from "../check-confidence.ts";
import { checkRows } from "../check-rows.ts";
import { type Definitions, defaultDefinitions } from "../definitions.ts";
import type { Transcripts } from "../match-events.ts";
import type { EvaluationMatrix } from "../plan.ts";
import { renderFragment } from "../report/html/fragment.ts";
import { renderTerminal } from "../report/terminal.ts";
import { type EvaluationRow, matchKey, sortRows } from "../rows.ts";
import type { RatedMatch, Side } from "../statistics/arena-model.ts";
import type { JudgeQuality } from "../statistics/judge-correction.ts";
import { poissonInterval } from "../statistics/poisson-rate.ts";
import { spreadWithin } from "../statistics/stratified-rate.ts";
import type { Analysis, Provenance, SeverityResult, WinnerResult } from "./analysis.ts";
import { attackTypeResults } from "./attack-types.ts";
import { collectBreaches } from "./breaches.ts";
import { findOrderFlips } from "./order-flips.ts";
import { addSeverities, agentResults, cellResults, groupResult } from "./rates.ts";
import { type RatedFit, rate } from "./ratings.ts";
import { findSurprises, type Surprises } from "./surprises.ts";
import {
  areFlowDefinitions,
  type MatchTally,
  meanSeverity,
  noOutcomes,
  tallyMatch,
} from "./tally.ts";

/** Options of {@link analyze}. */
export interface AnalyzeOptions {
  /** Names, versions and prompt hashes; agents that are not listed are shown by id. @default none */
  agents?: readonly AgentInfo[];
  /** Outcomes that count differently, as `{ detected: "success" }`. @default {@link defaultDefinitions} */
  definitions?: Partial<Definitions>;
  /** What was to be played: matches that no row tells of are then missing too. @default what the rows tell */
  expected?: EvaluationMatrix;
  /** The matches' events, from `fetchTranscripts`: shows what got through. @default none */
  transcripts?: Transcripts;
  /** How many breaches are kept with their texts. @default 40 */
  maxBreaches?: number;
  /** Of all intervals, as a fraction. @default 0.95 */
  confidence?: number;
  /** The quality of an imperfect judge, to correct the rates for. @default no correction */
  judge?: JudgeQuality;
  /** Kept with the result. @default nothing */
  provenance?: Provenance;
}

/**
 * Turns a batch's rows into rates with intervals, ratings, breakdowns and everything that limits them. It is
 * pure: the same rows in any order give the same analysis, and nothing is read or played.
 *
 * @throws InputError when there is no array of rows, or the confidence is no fraction.
 */
export function analyze(
  rows: readonly EvaluationRow[],
  options: AnalyzeOptions = {},
): Analysis & Displayable {
  checkRows("What is analysed", rows);
  const { confidence = 0.95, transcripts, judge, maxBreaches = 40 } = options;
  checkConfidence("What is analysed", confidence);
  const definitions = { ...defaultDefinitions, ...options.definitions };
  const sorted = sortRows(inOrder(rows), options.expected);
  const tallies = sorted.played.map((row) =>
    tallyMatch(row, definitions, transcripts?.get(row.matchId ?? "")),
  );
  const rates = { confidence, spread: spreadWithin(tallies), ...(judge && { judge }) };
  const overall = groupResult(tallies, sorted.missing.length, rates);
  const rated = rateTallies(tallies, confidence);
  const agents = (side: Side) => agentResults(side, tallies, sorted.missing, rates);
  const analysis: Analysis = {
    version: 1,
    definitions,
    confidence,
    overall,
    red: agents("red"),
    blue: agents("blue"),
    target: agents("target"),
    cells: cellResults(tallies, sorted.missing, rates),
    attackTypes: {
      results: attackTypeResults(tallies, confidence),
      unknownMatches: areFlowDefinitions(definitions)
        ? 0
        : tallies.filter(({ isFromEvents }) => !isFromEvents).length,
    },
    outcomes: addOutcomes(tallies),
    severity: severityResult(tallies, confidence),
    ratings: rated?.ratings ?? null,
    surprises: surprisesOf(rated, tallies, overall.attacks.designEffect),
    winners: winnerResult(tallies),
    missing: sorted.missing,
    duplicateRows: sorted.duplicates,
    orderFlips: findOrderFlips(tallies, definitions, transcripts),
    breaches: transcripts ? collectBreaches(tallies, transcripts, definitions, maxBreaches) : null,
    agents: [...(options.agents ?? [])],
    ...(judge && { judge }),
    provenance: options.provenance ?? {},
  };
  return showable(analysis);
}

/** Lets an analysis that was read back from JSON show itself in a notebook and a terminal again. */
export function showable(analysis: Analysis): Analysis & Displayable {
  return displayed(analysis, {
    text: () => renderTerminal(analysis),
    html: () => renderFragment(analysis),
  });
}

function inOrder(rows: readonly EvaluationRow[]): EvaluationRow[] {
  const keyed = rows.map((row) => {
    // What tells the rows of one match apart, so that the same one of them counts in any order.
    const { matchId, executionId, state, reason } = row;
    return { row, key: [matchKey(row), matchId, executionId, state, reason].join("\n") };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ row }) => row);
}

function rateTallies(tallies: readonly MatchTally[], confidence: number): RatedFit | null {
  const byAttacks = rate(tallies, "attacks", confidence);
  return byAttacks ?? rate(tallies.flatMap(byWinner), "winners", confidence);
}

function byWinner({ row, red, blue, target }: MatchTally): RatedMatch[] {
  if (row.winner === undefined) return [];
  const successes = row.winner === "red" ? 1 : row.winner === "draw" ? 0.5 : 0;
  return [{ red, blue, target, successes, trials: 1 }];
}

function surprisesOf(
  rated: RatedFit | null,
  tallies: readonly MatchTally[],
  designEffect: number | null,
): Surprises {
  if (rated?.ratings.basis !== "attacks") return { cells: [], expectedByChance: 0 };
  return findSurprises(rated.fit, tallies, designEffect ?? 1);
}

function addOutcomes(tallies: readonly MatchTally[]): AttackOutcomes {
  const total = { ...noOutcomes };
  for (const { outcomes } of tallies) {
    for (const outcome of Object.keys(total) as (keyof AttackOutcomes)[]) {
      total[outcome] += outcomes[outcome] ?? 0;
    }
  }
  return total;
}

function severityResult(tallies: readonly MatchTally[], confidence: number): SeverityResult {
  const counts = addSeverities(tallies);
  const matches = tallies.length;
  return {
    counts,
    mean: meanSeverity(counts),
    criticalPerMatch: {
      rate: matches === 0 ? null : counts.critical / matches,
      interval: poissonInterval(counts.critical, matches, confidence),
    },
  };
}

function winnerResult(tallies: readonly MatchTally[]): WinnerResult {
  const none = () => ({ red: 0, blue: 0, draw: 0 });
  const result = { counts: none(), backend: none(), disagreements: 0 };
  for (const { winner, row } of tallies) {
    if (winner !== null) result.counts[winner] += 1;
    if (row.winner === undefined) continue;
    result.backend[row.winner] += 1;
    if (winner !== null && row.winner !== winner) result.disagreements += 1;
  }
  return result;
}
