import { studentQuantile } from "./distributions.ts";
import type { Interval } from "./interval.ts";
import { wilsonInterval } from "./wilson.ts";

/** How alike two attacks of one match are taken to be where the data cannot tell (rate 0 or 1). */
export const ASSUMED_INTRACLASS_CORRELATION = 0.2;

/** One match's attacks: how many were decided and how many of them succeeded. */
export interface Cluster {
  successes: number;
  trials: number;
}

/** A rate over attacks whose error allows for attacks of one match being alike. */
export interface ClusteredRate {
  successes: number;
  trials: number;
  /** Matches with at least one decided attack. */
  clusters: number;
  /** Pooled over attacks, 0–1; null without attacks. */
  rate: number | null;
  /** The mean of the matches' own rates, 0–1: differs from `rate` when matches have unequal attacks. */
  meanOfClusters: number | null;
  /** Clustered standard error; null with fewer than two matches, or at a rate of 0 or 1. */
  standardError: number | null;
  /** How many times the variance is that of independent attacks; never under 1. */
  designEffect: number | null;
  /** As many independent attacks would tell as much. */
  effectiveTrials: number | null;
  /** Null without attacks; 0–1 (nothing is known) from a single match. */
  interval: Interval | null;
}

/**
 * Gives the pooled rate with Wilson's interval on the effective number of attacks and Student's quantile
 * with (matches − 1) degrees of freedom. At a rate of 0 or 1 the spread between matches says nothing, so
 * a design effect of 1 + (attacks a match − 1) · 0.2 is assumed.
 *
 * @param confidence as a fraction. @default 0.95
 */
export function clusteredRate(clusters: readonly Cluster[], confidence = 0.95): ClusteredRate {
  const used = clusters.filter(({ trials }) => trials > 0);
  const trials = used.reduce((total, cluster) => total + cluster.trials, 0);
  const successes = used.reduce((total, cluster) => total + cluster.successes, 0);
  const count = used.length;
  if (trials === 0) return { ...NOTHING, successes, trials };
  const rate = successes / trials;
  const meanOfClusters = used.reduce((total, c) => total + c.successes / c.trials, 0) / count;
  const base = { successes, trials, clusters: count, rate, meanOfClusters };

  const isExtreme = successes === 0 || successes === trials;
  const standardError = isExtreme || count < 2 ? null : clusteredError(used, rate, trials);
  // One match cannot show how much matches differ; everything stays possible.
  if (count < 2) {
    const interval = { low: 0, high: 1 };
    return { ...base, standardError, designEffect: null, effectiveTrials: null, interval };
  }
  const designEffect =
    standardError === null
      ? assumedDesignEffect(trials / count)
      : Math.max(1, standardError ** 2 / ((rate * (1 - rate)) / trials));
  const effectiveTrials = trials / designEffect;
  const critical = studentQuantile((1 + confidence) / 2, count - 1);
  const interval = wilsonInterval(rate * effectiveTrials, effectiveTrials, critical);
  return { ...base, standardError, designEffect, effectiveTrials, interval: exact(interval, base) };
}

/** Gives 1 + (attacks a match − 1) · ρ, the design effect of matches whose attacks correlate by ρ. */
export function assumedDesignEffect(
  attacksPerMatch: number,
  correlation: number = ASSUMED_INTRACLASS_CORRELATION,
): number {
  return Math.max(1, 1 + (attacksPerMatch - 1) * correlation);
}

const NOTHING = {
  clusters: 0,
  rate: null,
  meanOfClusters: null,
  standardError: null,
  designEffect: null,
  effectiveTrials: null,
  interval: null,
} as const;

function clusteredError(clusters: readonly Cluster[], rate: number, trials: number): number {
  let squares = 0;
  for (const cluster of clusters) squares += (cluster.successes - rate * cluster.trials) ** 2;
  const correction = clusters.length / (clusters.length - 1);
  return Math.sqrt(correction * squares) / trials;
}

// rate · effectiveTrials can miss 0 or the total by a rounding error, which would lose an exact bound.
function exact(interval: Interval | null, { successes, trials }: Cluster): Interval | null {
  if (interval === null) return null;
  if (successes === 0) return { low: 0, high: interval.high };
  if (successes === trials) return { low: interval.low, high: 1 };
  return interval;
}
