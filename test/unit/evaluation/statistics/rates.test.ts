import { describe, expect, it } from "vitest";
import { clusterBootstrap } from "../../../../src/evaluation/statistics/bootstrap.ts";
import { clusteredRate } from "../../../../src/evaluation/statistics/clustered-rate.ts";
import {
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from "../../../../src/evaluation/statistics/distributions.ts";
import { correctForJudge } from "../../../../src/evaluation/statistics/judge-correction.ts";
import { missingBounds } from "../../../../src/evaluation/statistics/missing-bounds.ts";
import { poissonInterval } from "../../../../src/evaluation/statistics/poisson-rate.ts";
import { seededRandom } from "../../../../src/evaluation/statistics/random.ts";
import {
  detectableDifference,
  sampleSize,
} from "../../../../src/evaluation/statistics/sample-size.ts";
import { successAtK } from "../../../../src/evaluation/statistics/success-at-k.ts";
import { wilsonInterval } from "../../../../src/evaluation/statistics/wilson.ts";
import { expectClose, vectors } from "../vectors.ts";

const toCluster = (attacks: number[]) => ({
  successes: attacks.filter((x) => x === 1).length,
  trials: attacks.length,
});

describe("quantiles", () => {
  it.each(Object.entries(vectors.quantiles.t975))("give t(.975) for %s degrees", (df, value) => {
    expectClose(studentQuantile(0.975, Number(df)), value);
    expectClose(studentQuantile(0.025, Number(df)), -value);
    expectClose(studentCdf(value, Number(df)), 0.975);
  });

  it("give z for one, two and half a percent in a tail", () => {
    expectClose(normalQuantile(0.95), vectors.quantiles.z.p90);
    expectClose(normalQuantile(0.975), vectors.quantiles.z.p95);
    expectClose(normalQuantile(0.995), vectors.quantiles.z.p99);
    expectClose(normalCdf(1.959963984540054), 0.975);
  });

  it("are infinite at 0 and 1, and 0 in the middle", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(studentQuantile(0.5, 3)).toBe(0);
  });
});

describe("wilsonInterval", () => {
  it.each(vectors.wilson.cases)("agrees with statsmodels for $k of $n", ({ k, n, lo, hi }) => {
    const interval = wilsonInterval(k, n);
    expectClose(interval?.low, lo);
    expectClose(interval?.high, hi);
  });

  it("has a bound of exactly 0 without success and exactly 1 without failure", () => {
    expect(wilsonInterval(0, 10)?.low).toBe(0);
    expect(wilsonInterval(10, 10)?.high).toBe(1);
  });

  it("knows nothing without trials", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

describe("clusteredRate", () => {
  it("agrees with the vector for matches of equal length", () => {
    const vector = vectors.clustered_rate;
    const result = clusteredRate(vector.clusters.map(toCluster));
    expectClose(result.rate, vector.p);
    expectClose(result.standardError, vector.se_cr1);
    expectClose(result.designEffect, vector.deff);
    expectClose(result.effectiveTrials, vector.n_eff);
    expectClose(result.interval?.low, vector.wilson_neff_t[0] as number);
    expectClose(result.interval?.high, vector.wilson_neff_t[1] as number);
  });

  it("agrees with the vector for matches of unequal length", () => {
    const vector = vectors.clustered_rate_unequal_n;
    const result = clusteredRate(vector.clusters.map(toCluster));
    expectClose(result.rate, vector.micro);
    expectClose(result.meanOfClusters, vector.macro);
    expectClose(result.standardError, vector.se_cr1_micro);
  });

  it("assumes a design effect where nothing succeeded", () => {
    const vector = vectors.clustered_rate_zero;
    const match = { successes: 0, trials: vector.attacks_per_match };
    const result = clusteredRate(Array.from({ length: vector.matches }, () => match));
    expectClose(result.effectiveTrials, vector.n_eff);
    expect(result.interval?.low).toBe(0);
    expectClose(result.interval?.high, vector.hi);
  });

  it("leaves everything possible after a single match, and has no rate without one", () => {
    expect(clusteredRate([{ successes: 3, trials: 5 }]).interval).toEqual({ low: 0, high: 1 });
    expect(clusteredRate([]).rate).toBeNull();
    expect(clusteredRate([{ successes: 0, trials: 0 }]).interval).toBeNull();
  });
});

describe("seededRandom and clusterBootstrap", () => {
  it("draw the sequence of the vector", () => {
    const random = seededRandom(vectors.rng_mulberry32.seed);
    for (const value of vectors.rng_mulberry32.first5) expectClose(random(), value);
  });

  it("resample whole matches as the vector does", () => {
    const vector = vectors.bootstrap_cluster_percentile;
    const clusters = vectors.clustered_rate.clusters.map(toCluster);
    const result = clusterBootstrap(
      clusters,
      (sample) =>
        sample.reduce((k, c) => k + c.successes, 0) / sample.reduce((n, c) => n + c.trials, 0),
      { resamples: vector.B, seed: vector.seed },
    );
    expectClose(result?.mean, vector.mean);
    expectClose(result?.standardError, vector.se);
    expectClose(result?.interval.low, vector.lo);
    expectClose(result?.interval.high, vector.hi);
  });
});

describe("smaller methods", () => {
  it.each(vectors.missing_bounds.cases)("bound the worst case over $m missing", (vector) => {
    const bounds = missingBounds(vector.k, vector.n, vector.m);
    expectClose(bounds?.low, vector.lo);
    expectClose(bounds?.high, vector.hi);
  });

  it.each(vectors.asr_at_k.cases)("give success within $k of $n tries", ({ n, c, k, v }) => {
    expectClose(successAtK(n, c, k), v);
  });

  it("give no success rate within more tries than were made", () => {
    expect(successAtK(3, 1, 4)).toBeNull();
  });

  it.each(vectors.sample_size.cases)("size a sample to tell $p1 from $p2", ({ p1, p2, v }) => {
    expectClose(sampleSize(p1, p2), v);
  });

  it("find the difference that a sample of that size would show", () => {
    const fall = detectableDifference(0.3, sampleSize(0.3, 0.2));
    expectClose(fall, 0.1);
    expect(detectableDifference(0.05, 10)).toBeNull();
  });

  it.each(vectors.judge_correction.cases)("correct a judge's rate of $p", ({ p, se, sp, v }) => {
    expectClose(correctForJudge(p, { sensitivity: se, specificity: sp }), v);
  });

  it("refuse a judge that is no better than chance", () => {
    expect(correctForJudge(0.3, { sensitivity: 0.5, specificity: 0.5 })).toBeNull();
  });

  it.each(vectors.poisson_rate.cases)("bound $k events in $hours hours", ({ k, hours, ci }) => {
    const interval = poissonInterval(k, hours);
    expectClose(interval?.low, ci[0] as number);
    expectClose(interval?.high, ci[1] as number);
  });
});
