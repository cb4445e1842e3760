import type { Interval } from "./interval.ts";
import { seededRandom } from "./random.ts";
import { mean, sortedQuantile, standardDeviation } from "./summary.ts";

/** Options of {@link clusterBootstrap}. */
export interface BootstrapOptions {
  /** @default 2000 */
  resamples?: number;
  /** @default 42 */
  seed?: number;
  /** As a fraction. @default 0.95 */
  confidence?: number;
}

/** A percentile bootstrap over whole clusters. */
export interface BootstrapResult {
  mean: number;
  standardError: number;
  interval: Interval;
}

/**
 * Gives the percentile interval of a statistic under resampling of whole clusters (matches), seeded. It
 * needs about 24 clusters to cover what it says; null without clusters.
 */
export function clusterBootstrap<Item>(
  clusters: readonly Item[],
  statistic: (sample: readonly Item[]) => number,
  { resamples = 2_000, seed = 42, confidence = 0.95 }: BootstrapOptions = {},
): BootstrapResult | null {
  if (clusters.length === 0) return null;
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const sample: Item[] = [];
    for (let i = 0; i < clusters.length; i += 1) {
      sample.push(clusters[Math.floor(random() * clusters.length)] as Item);
    }
    values.push(statistic(sample));
  }
  const sorted = values.toSorted((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  return {
    mean: mean(values) ?? Number.NaN,
    standardError: standardDeviation(values) ?? Number.NaN,
    interval: { low: sortedQuantile(sorted, tail), high: sortedQuantile(sorted, 1 - tail) },
  };
}
