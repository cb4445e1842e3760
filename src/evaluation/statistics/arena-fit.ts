import {
  type ArenaModel,
  arenaModel,
  arenaPenalty,
  centredWeights,
  differenceWeights,
  pool,
  type RatedMatch,
  type Side,
  toObservations,
} from "./arena-model.ts";
import { dot, invertSymmetric, type Matrix } from "./linear-algebra.ts";
import {
  contrastVariance,
  fitLogit,
  type LogitObservation,
  probability,
  sandwich,
  scoreProducts,
} from "./logit-fit.ts";

/** Options of {@link fitArena}. */
export interface ArenaFitOptions {
  /** Width of the normal prior on every agent, in logits; null for maximum likelihood. @default 2 */
  sigma?: number | null;
  /** Whether targets are rated too; pooling over them can reverse an order. @default true */
  withTarget?: boolean;
}

/** An estimate in logits with its two standard errors. */
export interface Estimate {
  value: number;
  /** From the model's curvature: right if attacks were independent. */
  modelError: number;
  /** From the spread between matches (sandwich, corrected by M/(M − 1)). */
  clusteredError: number;
}

/** Ratings of both sides and the targets from one fit. */
export interface ArenaFit {
  model: ArenaModel;
  matches: number;
  /** The logit of the average red against the average blue on the average target. */
  intercept: Estimate;
  /** An agent against the mean of its side. */
  centred(side: Side, agent: string): Estimate;
  /** One agent less another of its side. */
  difference(side: Side, a: string, b: string): Estimate;
  /** P(an attack of this match succeeds), 0–1. */
  probability(match: Pick<RatedMatch, "red" | "blue" | "target">): number;
}

/**
 * Fits logit P(red succeeds) = μ + red − blue + target. Red never plays red, so ratings compare within a
 * side only. Null without decided trials, or where maximum likelihood has no finite answer.
 */
export function fitArena(
  matches: readonly RatedMatch[],
  { sigma = 2, withTarget = true }: ArenaFitOptions = {},
): ArenaFit | null {
  const used = matches.filter(({ trials }) => trials > 0);
  if (used.length === 0) return null;
  const model = arenaModel(used, withTarget);
  const observations = toObservations(model, used);
  const fit = fitLogit(pool(observations), arenaPenalty(model, sigma));
  const bread = fit.hasConverged ? invertSymmetric(fit.information) : null;
  if (bread === null) return null;
  const estimate = estimator(fit.theta, bread, observations);
  return {
    model,
    matches: used.length,
    intercept: estimate(averageWeights(model)),
    centred: (side, agent) => estimate(centredWeights(model, side, agent)),
    difference: (side, a, b) => estimate(differenceWeights(model, side, a, b)),
    probability: (match) => {
      const [terms] = toObservations(model, [{ ...match, successes: 0, trials: 0 }]);
      return probability(fit.theta, terms as LogitObservation);
    },
  };
}

/** Gives a fit's value on the Elo scale, 1000 being the mean of the side. */
export function toElo(logit: number): number {
  return 1_000 + eloPoints(logit);
}

/** Gives a difference or an error of logits in Elo points. */
export function eloPoints(logit: number): number {
  return (logit * 400) / Math.LN10;
}

function estimator(
  theta: Float64Array,
  bread: Matrix,
  observations: readonly LogitObservation[],
): (weights: Float64Array) => Estimate {
  const clustered = sandwich(bread, scoreProducts(observations, theta));
  const count = observations.length;
  const correction = count > 1 ? count / (count - 1) : 1;
  return (weights) => ({
    value: dot(weights, theta),
    modelError: Math.sqrt(contrastVariance(bread, weights)),
    clusteredError: Math.sqrt(correction * contrastVariance(clustered, weights)),
  });
}

function averageWeights(model: ArenaModel): Float64Array {
  const weights = new Float64Array(model.size);
  weights[0] = 1;
  const sides: readonly [ReadonlyMap<string, number>, number][] = [
    [model.red, 1],
    [model.blue, -1],
    [model.target, 1],
  ];
  for (const [side, sign] of sides) for (const i of side.values()) weights[i] = sign / side.size;
  return weights;
}
