import { type Displayable, displayed } from "../display.ts";
import { InputError } from "../errors.ts";
import type { AgentCombination } from "../flows/batch-row.ts";
import type { MatchMode } from "../flows/fields.ts";
import { renderPlanFragment } from "./report/html/plan.ts";
import { renderPlan } from "./report/plan-text.ts";
import {
  ASSUMED_INTRACLASS_CORRELATION,
  assumedDesignEffect,
} from "./statistics/clustered-rate.ts";
import { studentQuantile } from "./statistics/distributions.ts";
import { detectableDifference } from "./statistics/sample-size.ts";
import { wilsonInterval } from "./statistics/wilson.ts";

/** What is to be played. */
export interface EvaluationMatrix {
  /** The cells: who plays whom. */
  combinations: readonly AgentCombination[];
  /** Matches of each combination. @default 3 */
  matchesPerCombination?: number;
  /** Length and pace of a match. @default "standard" */
  mode?: MatchMode;
  /** Stops each match after that many rounds; `continuous` needs it. */
  maxRounds?: number;
}

/** Options of {@link plan}: what is guessed of a batch before it was played. */
export interface PlanOptions {
  /** Matches at a time. @default 5 */
  concurrency?: number;
  /** The share of attacks that is expected to succeed, 0–1. @default 0.3 */
  expectedSuccessRate?: number;
  /** How alike two attacks of one match are, 0–1. @default 0.2 */
  correlation?: number;
  /** Time that a match takes besides its rounds, in seconds. @default 2 */
  overheadSeconds?: number;
}

/** What a group of matches will be able to tell. */
export interface ExpectedPrecision {
  /** Of the smallest group of its kind. */
  matches: number;
  attacks: number;
  /** As many independent attacks would tell as much. */
  effectiveAttacks: number;
  /** Half the width of the 95 % interval, as a fraction; null from a single match. */
  halfWidth: number | null;
  /** The smallest fall of the rate against another group of that size that shows four times out of five. */
  detectableDifference: number | null;
}

/** What a batch will take and be able to tell. */
export interface EvaluationPlan {
  combinations: number;
  matches: number;
  mode: MatchMode;
  /** Matches at a time, as asked for. */
  concurrency: number;
  /** What was assumed for the widths of the intervals, 0–1. */
  expectedSuccessRate: number;
  roundsPerMatch: number;
  secondsPerMatch: number;
  /** At the concurrency asked for. */
  wallSeconds: number;
  /** With a backend that plays one match at a time, as today's does. */
  oneAtATimeSeconds: number;
  precision: Record<"overall" | "red" | "blue" | "target" | "combination", ExpectedPrecision>;
}

const pace: Record<MatchMode, { rounds: number; seconds: number }> = {
  quick: { rounds: 5, seconds: 1 },
  standard: { rounds: 20, seconds: 2 },
  deep: { rounds: 50, seconds: 3 },
  continuous: { rounds: Number.POSITIVE_INFINITY, seconds: 2 },
};

/**
 * Tells before a run how many matches it plays, how long that takes, how wide its intervals will be and the
 * smallest difference that it could show.
 *
 * @throws InputError for a matrix without combinations, a continuous one without `maxRounds`, or an expected rate or
 * correlation that is no fraction.
 */
export function plan(
  matrix: EvaluationMatrix,
  options: PlanOptions = {},
): EvaluationPlan & Displayable {
  const { concurrency = 5, overheadSeconds = 2 } = options;
  const { expectedSuccessRate = 0.3, correlation = ASSUMED_INTRACLASS_CORRELATION } = options;
  const { combinations, matchesPerCombination = 3, mode = "standard" } = matrix;
  const rounds = Math.min(pace[mode].rounds, matrix.maxRounds ?? Number.POSITIVE_INFINITY);
  checkMatrix(matrix, rounds, concurrency);
  checkFractions({ expectedSuccessRate, correlation });
  const matches = combinations.length * matchesPerCombination;
  const secondsPerMatch = rounds * pace[mode].seconds + overheadSeconds;
  const smallest = (side: keyof AgentCombination) =>
    leastFrequent(combinations.map((combination) => combination[side])) * matchesPerCombination;
  const expect = (count: number) => precision(count, rounds, expectedSuccessRate, correlation);
  const result: EvaluationPlan = {
    combinations: combinations.length,
    matches,
    mode,
    concurrency,
    expectedSuccessRate,
    roundsPerMatch: rounds,
    secondsPerMatch,
    wallSeconds: Math.ceil(matches / concurrency) * secondsPerMatch,
    oneAtATimeSeconds: matches * secondsPerMatch,
    precision: {
      overall: expect(matches),
      red: expect(smallest("redAgentId")),
      blue: expect(smallest("blueAgentId")),
      target: expect(smallest("targetAgentId")),
      combination: expect(matchesPerCombination),
    },
  };
  return displayed(result, {
    text: () => renderPlan(result),
    html: () => renderPlanFragment(result),
  });
}

function precision(
  matches: number,
  rounds: number,
  expectedSuccessRate: number,
  correlation: number,
): ExpectedPrecision {
  const attacks = matches * rounds;
  const effectiveAttacks = attacks / assumedDesignEffect(rounds, correlation);
  const critical = matches > 1 ? studentQuantile(0.975, matches - 1) : null;
  const interval =
    critical === null
      ? null
      : wilsonInterval(expectedSuccessRate * effectiveAttacks, effectiveAttacks, critical);
  return {
    matches,
    attacks,
    effectiveAttacks,
    halfWidth: interval && (interval.high - interval.low) / 2,
    detectableDifference: detectableDifference(expectedSuccessRate, effectiveAttacks),
  };
}

function checkMatrix(matrix: EvaluationMatrix, rounds: number, concurrency: number): void {
  const { combinations, matchesPerCombination = 3 } = matrix;
  const isCount = (value: number) => Number.isInteger(value) && value > 0;
  const issues = [
    combinations.length === 0 && { path: ["combinations"], message: "list at least one" },
    !isCount(matchesPerCombination) && {
      path: ["matchesPerCombination"],
      message: "must be a whole number from 1",
    },
    !isCount(rounds) && {
      path: ["maxRounds"],
      message: "must be a whole number from 1; a continuous match has no end without it",
    },
    !isCount(concurrency) && { path: ["concurrency"], message: "must be a whole number from 1" },
  ].filter((issue) => issue !== false);
  if (issues.length > 0) throw new InputError("The matrix of an evaluation", issues);
}

function checkFractions(fractions: Record<string, number>): void {
  const issues = Object.entries(fractions)
    .filter(([, value]) => !(value >= 0 && value <= 1))
    .map(([name, value]) => ({
      path: [name],
      message: `must be a fraction from 0 to 1, such as 0.3; it is ${value}`,
    }));
  if (issues.length > 0) throw new InputError("The plan of an evaluation", issues);
}

function leastFrequent(ids: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return Math.min(...counts.values());
}
