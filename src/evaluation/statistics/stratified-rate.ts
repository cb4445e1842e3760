import { type Cluster, type ClusteredRate, clusteredRate } from "./clustered-rate.ts";
import { studentQuantile } from "./distributions.ts";
import { groupBy } from "./group-by.ts";
import { sum } from "./summary.ts";
import { wilsonInterval } from "./wilson.ts";

const ENOUGH_DEGREES = 10;

/** One match's attacks and the cell (red, blue, target) that it belongs to. */
export interface StratifiedCluster extends Cluster {
  stratum: string;
}

/** How much matches of one cell differ, in terms of independent attacks. */
export interface Spread {
  designEffect: number;
  /** Matches less cells. */
  degrees: number;
}

/**
 * Gives how much matches differ within their cells, or null where no cell has two matches or nothing varies.
 * Differences between cells are the design's own doing, not noise.
 */
export function spreadWithin(clusters: readonly StratifiedCluster[]): Spread | null {
  let squares = 0;
  let independent = 0;
  let degrees = 0;
  for (const stratum of strata(clusters)) {
    const count = stratum.clusters.length;
    if (count < 2) continue;
    const rate = stratum.successes / stratum.trials;
    const own = stratum.clusters.map((c) => (c.successes - rate * c.trials) ** 2);
    squares += (count / (count - 1)) * sum(own);
    independent += stratum.trials * rate * (1 - rate);
    degrees += count - 1;
  }
  if (independent === 0) return null;
  return { designEffect: Math.max(1, squares / independent), degrees };
}

/**
 * Gives the rate over a fixed set of cells: as {@link clusteredRate}, with the error taken within cells. A
 * group too small to show its own spread (under 10 degrees of freedom) borrows the whole batch's, without
 * which three matches a cell would say next to nothing. For a single cell with its own spread it is
 * {@link clusteredRate}.
 */
export function stratifiedRate(
  clusters: readonly StratifiedCluster[],
  batch: Spread | null,
  confidence = 0.95,
): ClusteredRate {
  const plain = clusteredRate(clusters, confidence);
  const own = spreadWithin(clusters);
  const spread = own && own.degrees >= ENOUGH_DEGREES ? own : widest(own, batch);
  if (plain.rate === null || spread === null) return plain;
  const { rate, trials, successes } = plain;
  const isExtreme = successes === 0 || successes === trials;
  const variance = (spread.designEffect * independentVariance(clusters)) / trials ** 2;
  const effectiveTrials = isExtreme ? trials / spread.designEffect : (rate * (1 - rate)) / variance;
  const critical = studentQuantile((1 + confidence) / 2, spread.degrees);
  const interval = wilsonInterval(rate * effectiveTrials, effectiveTrials, critical);
  return {
    ...plain,
    standardError: isExtreme ? null : Math.sqrt(variance),
    designEffect: spread.designEffect,
    effectiveTrials,
    interval: interval && {
      low: successes === 0 ? 0 : interval.low,
      high: successes === trials ? 1 : interval.high,
    },
  };
}

function widest(own: Spread | null, batch: Spread | null): Spread | null {
  if (own === null || batch === null) return own ?? batch;
  return batch.degrees > own.degrees ? batch : own;
}

/** What the count of successes would vary by if attacks were independent within their cells. */
function independentVariance(clusters: readonly StratifiedCluster[]): number {
  return sum(
    strata(clusters).map(({ successes, trials }) => {
      const isExtreme = successes === 0 || successes === trials;
      // A cell that went all one way varies too; half an attack of each kind says by how much.
      const rate = isExtreme ? (successes + 0.5) / (trials + 1) : successes / trials;
      return trials * rate * (1 - rate);
    }),
  );
}

function strata(clusters: readonly StratifiedCluster[]) {
  const used = clusters.filter(({ trials }) => trials > 0);
  return [...groupBy(used, ({ stratum }) => stratum).values()].map((own) => ({
    clusters: own,
    trials: sum(own.map(({ trials }) => trials)),
    successes: sum(own.map(({ successes }) => successes)),
  }));
}
