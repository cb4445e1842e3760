import {
  type ArenaFit,
  type Estimate,
  eloPoints,
  fitArena,
  toElo,
} from "../statistics/arena-fit.ts";
import type { RatedMatch, Side } from "../statistics/arena-model.ts";
import { assumedDesignEffect } from "../statistics/clustered-rate.ts";
import { studentQuantile, studentTwoSided } from "../statistics/distributions.ts";
import type { Interval } from "../statistics/interval.ts";
import { holm } from "../statistics/multiple-testing.ts";
import { findSeparation, type SeparatedAgent } from "../statistics/separation.ts";

/** One agent's rating within its side: never compare a red number with a blue one. */
export interface Rating {
  agentId: string;
  /** 1 + the number of agents of the side that are better beyond doubt: agents that tie share a rank. */
  rank: number;
  /** 1000 is the mean of the side; 400 points are odds of ten to one. A target's says how strong it is, too. */
  elo: number;
  /** In Elo points. */
  standardError: number;
  /** In Elo points. */
  interval: Interval;
  /** Maximum likelihood on the Elo scale; null where it is infinite. */
  maximumLikelihood: number | null;
  /** Won or lost all: the rating rests on the prior, and only its direction is known. */
  isSeparated: boolean;
  /** Agents of the side that it cannot be told apart from. */
  tiedWith: string[];
}

/** How two agents of a side differ, with the difference's own error. */
export interface RatingDifference {
  a: string;
  b: string;
  /** a − b, in Elo points. */
  difference: number;
  standardError: number;
  interval: Interval;
  p: number;
  /** Corrected by Holm for all pairs of the side. */
  adjustedP: number;
  isDifferent: boolean;
}

/** The ratings of a side, best first. */
export interface SideRatings {
  ratings: Rating[];
  differences: RatingDifference[];
}

/** Ratings of all three sides out of one model with the target in it. */
export interface Ratings extends Record<Side, SideRatings> {
  /** `attacks`: counts of attacks, errors clustered by match. `winners`: where no attacks are known. */
  basis: "attacks" | "winners";
  matches: number;
  separated: SeparatedAgent[];
}

/** A fit and what its errors are made from. */
export interface RatedFit {
  fit: ArenaFit;
  ratings: Ratings;
}

/**
 * Rates red, blue and target agents. The numbers are the estimates under a prior of σ = 2 logits, which
 * exist also where maximum likelihood has no finite answer. Null without decided attacks.
 */
export function rate(
  matches: readonly RatedMatch[],
  basis: Ratings["basis"],
  confidence: number,
): RatedFit | null {
  const used = matches.filter(({ trials }) => trials > 0);
  const fit = fitArena(used);
  if (fit === null) return null;
  const separated = findSeparation(used);
  const likelihood = separated.length === 0 ? fitArena(used, { sigma: null }) : null;
  const errors = errorRule(fit, used, basis);
  const side = (name: Side) => rateSide(name, { fit, likelihood, separated, errors, confidence });
  return {
    fit,
    ratings: {
      basis,
      matches: used.length,
      separated,
      red: side("red"),
      blue: side("blue"),
      target: side("target"),
    },
  };
}

interface SideContext {
  fit: ArenaFit;
  likelihood: ArenaFit | null;
  separated: readonly SeparatedAgent[];
  errors: ErrorRule;
  confidence: number;
}

interface ErrorRule {
  degrees: number;
  standardError(estimate: Estimate, isSeparated: boolean): number;
}

function errorRule(
  fit: ArenaFit,
  matches: readonly RatedMatch[],
  basis: Ratings["basis"],
): ErrorRule {
  const attacks = matches.reduce((total, { trials }) => total + trials, 0);
  const assumed = Math.sqrt(assumedDesignEffect(attacks / matches.length));
  const degrees = Math.max(1, matches.length - fit.model.size + 2);
  const smallSample = Math.sqrt(matches.length / degrees);
  return {
    degrees,
    standardError({ modelError, clusteredError }, isSeparated) {
      if (basis === "winners") return modelError;
      // All of one kind: the matches do not differ, which says nothing about how much they could.
      if (isSeparated) return modelError * assumed;
      return Math.max(modelError, clusteredError * smallSample);
    },
  };
}

function rateSide(side: Side, context: SideContext): SideRatings {
  const { fit, likelihood, separated, errors, confidence } = context;
  const agents = [...fit.model[side].keys()];
  const isSeparated = (agent: string) =>
    separated.some((other) => other.side === side && other.agent === agent);
  const critical = studentQuantile((1 + confidence) / 2, errors.degrees);
  // A blue's parameter is its strength; red's and the target's let attacks through, and a target's is a weakness.
  const sign = side === "target" ? -1 : 1;
  const differences = pairs(agents).map(([a, b]) => {
    const estimate = fit.difference(side, a, b);
    const error = errors.standardError(estimate, isSeparated(a) || isSeparated(b));
    const p = studentTwoSided(estimate.value / error, errors.degrees);
    return { a, b, ...inElo(sign * estimate.value, error, critical, 0), p };
  });
  const adjusted = holm(differences.map(({ p }) => p));
  const judged = differences.map(({ elo, ...pair }, index) => {
    const adjustedP = adjusted[index] as number;
    return { ...pair, difference: elo, adjustedP, isDifferent: adjustedP < 1 - confidence };
  });
  const ratings = agents.map((agentId) => {
    const estimate = fit.centred(side, agentId);
    const error = errors.standardError(estimate, isSeparated(agentId));
    const best = likelihood?.centred(side, agentId).value;
    return {
      agentId,
      ...inElo(sign * estimate.value, error, critical, 1_000),
      maximumLikelihood: best === undefined ? null : toElo(sign * best),
      isSeparated: isSeparated(agentId),
      ...standing(agentId, judged),
    };
  });
  return { ratings: ratings.sort((a, b) => b.elo - a.elo), differences: judged };
}

function standing(agentId: string, differences: readonly RatingDifference[]) {
  const own = differences.filter(({ a, b }) => a === agentId || b === agentId);
  const other = (pair: RatingDifference) => (pair.a === agentId ? pair.b : pair.a);
  const isBeaten = (pair: RatingDifference) =>
    pair.isDifferent && (pair.a === agentId ? pair.difference < 0 : pair.difference > 0);
  return {
    rank: 1 + own.filter(isBeaten).length,
    tiedWith: own.filter((pair) => !pair.isDifferent).map(other),
  };
}

function inElo(logit: number, error: number, critical: number, centre: number) {
  const elo = centre + eloPoints(logit);
  const half = eloPoints(critical * error);
  const interval = { low: elo - half, high: elo + half };
  return { elo, standardError: eloPoints(error), interval };
}

function pairs(agents: readonly string[]): [string, string][] {
  return agents.flatMap((a, index) => agents.slice(index + 1).map((b): [string, string] => [a, b]));
}
