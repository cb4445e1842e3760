import { describe, expect, it } from "vitest";
import { fitArena, toElo } from "../../../../src/evaluation/statistics/arena-fit.ts";
import type { RatedMatch, Side } from "../../../../src/evaluation/statistics/arena-model.ts";
import { clusterBootstrap } from "../../../../src/evaluation/statistics/bootstrap.ts";
import { liveElo } from "../../../../src/evaluation/statistics/elo.ts";
import { invertSymmetric } from "../../../../src/evaluation/statistics/linear-algebra.ts";
import {
  contrastVariance,
  fitLogit,
  type LogitObservation,
  sandwich,
  scoreProducts,
} from "../../../../src/evaluation/statistics/logit-fit.ts";
import { pairingResiduals } from "../../../../src/evaluation/statistics/residuals.ts";
import { findSeparation } from "../../../../src/evaluation/statistics/separation.ts";
import { standardise } from "../../../../src/evaluation/statistics/standardise.ts";
import { expectClose, vectors } from "../vectors.ts";

type PooledRow = [red: string, blue: string, wins: number, draws: number, losses: number];
type TargetRow = [red: string, blue: string, target: string, ...results: [number, number, number]];

const games = ([wins, draws, losses]: readonly number[]) => [
  ...Array<number>(wins ?? 0).fill(1),
  ...Array<number>(draws ?? 0).fill(0.5),
  ...Array<number>(losses ?? 0).fill(0),
];

const pooledGames = (rows: readonly unknown[]): RatedMatch[] =>
  (rows as PooledRow[]).flatMap(([red, blue, ...results]) =>
    games(results).map((successes) => ({ red, blue, target: "t", successes, trials: 1 })),
  );

const targetGames = (rows: readonly unknown[]): RatedMatch[] =>
  (rows as TargetRow[]).flatMap(([red, blue, target, ...results]) =>
    games(results).map((successes) => ({ red, blue, target, successes, trials: 1 })),
  );

/** Bradley and Terry's form: one pool of agents, no intercept. */
function bradleyTerry(matches: readonly RatedMatch[]) {
  const names = [...new Set(matches.flatMap(({ red, blue }) => [red, blue]))];
  const observations: LogitObservation[] = matches.map(({ red, blue, successes, trials }) => ({
    indexes: [names.indexOf(red), names.indexOf(blue)],
    signs: [1, -1],
    successes,
    trials,
  }));
  return { names, observations };
}

describe("fitLogit in Bradley and Terry's form", () => {
  const { names, observations } = bradleyTerry(pooledGames(vectors.bt_half_draw_mle.rows));
  const all = names.map((_, index) => index);
  const weights = (terms: Record<string, number>) =>
    Float64Array.from(names, (name) => terms[name] ?? 0);

  it("gives the maximum-likelihood ratings and sandwich errors", () => {
    const vector = vectors.bt_half_draw_mle;
    const fit = fitLogit(observations, { precisions: names.map(() => 0), zeroSums: [all] });
    const bread = invertSymmetric(fit.information) ?? [];
    const middle = scoreProducts(observations, fit.theta);
    for (const [index, name] of names.entries()) {
      expectClose(fit.theta[index], vector.theta[name as "r1"]);
      expectClose(toElo(fit.theta[index] as number), vector.elo[name as "r1"]);
    }
    const difference = weights({ r1: 1, r3: -1 });
    const error = Math.sqrt(contrastVariance(sandwich(bread, middle), difference));
    expectClose(error, vector.diff_r1_r3.se_sandwich);
  });

  it("gives the ratings under a prior", () => {
    const fit = fitLogit(observations, { precisions: names.map(() => 0.25), zeroSums: [] });
    const bread = invertSymmetric(fit.information) ?? [];
    for (const [index, name] of names.entries()) {
      expectClose(fit.theta[index], vectors.bt_half_draw_map.theta[name as "r1"]);
      const error = Math.sqrt(bread[index]?.[index] ?? 0);
      expectClose(error, vectors.bt_half_draw_map.se[name as "r1"]);
    }
  });
});

describe("fitArena on winners", () => {
  it("keeps the target in the model and centres every side", () => {
    const vector = vectors.arena_rating_map;
    const fit = fitArena(targetGames(vectors.bt_with_target_effect.rows), { sigma: vector.sigma });
    expectClose(fit?.intercept.value, vector.theta.mu);
    for (const [key, error] of Object.entries(vector.se_centred)) {
      const [side, agent] = key.split(":") as [Side, string];
      expectClose(fit?.centred(side, agent).value, vector.theta[key as "red:r1"]);
      expectClose(fit?.centred(side, agent).modelError, error);
    }
    const difference = fit?.difference("red", "r1", "r2");
    expectClose(difference?.value, vector.diff_r1_r2.est);
    expectClose(difference?.modelError, vector.diff_r1_r2.se);
  });

  it("agrees without the target", () => {
    const vector = vectors.arena_rating_map_no_target;
    const matches = pooledGames(vectors.bt_half_draw_mle.rows);
    const fit = fitArena(matches, { sigma: vector.sigma, withTarget: false });
    expectClose(fit?.intercept.value, vector.theta.mu);
    for (const [key, error] of Object.entries(vector.se_centred)) {
      const [side, agent] = key.split(":") as [Side, string];
      expectClose(fit?.centred(side, agent).value, vector.theta[key as "red:r1"]);
      expectClose(fit?.centred(side, agent).modelError, error);
    }
  });

  it("gives the maximum-likelihood ratings with a target", () => {
    const { theta } = vectors.bt_with_target_effect;
    const fit = fitArena(targetGames(vectors.bt_with_target_effect.rows), { sigma: null });
    expectClose(fit?.centred("red", "r1").value, theta.r1);
    expectClose(fit?.centred("blue", "b1").value, theta.b1);
    const mean = (theta.t1 + theta.t2) / 2;
    expectClose(fit?.centred("target", "t1").value, theta.t1 - mean);
    expectClose(fit?.intercept.value, mean);
  });

  it("can be resampled by whole matches", () => {
    const vector = vectors.arena_rating_bootstrap;
    const matches = pooledGames(vectors.bt_half_draw_mle.rows);
    for (const key of ["red:r1", "red:r3", "blue:b2"] as const) {
      const [side, agent] = key.split(":") as [Side, string];
      const result = clusterBootstrap(
        matches,
        (sample) => fitArena(sample, { withTarget: false })?.centred(side, agent).value ?? 0,
        { resamples: vector.B, seed: vector.seed },
      );
      expectClose(result?.interval.low, vector.ci95[key][0] as number);
      expectClose(result?.interval.high, vector.ci95[key][1] as number);
    }
  });

  it("leaves the residuals of the vector", () => {
    const matches = pooledGames(vectors.bt_half_draw_mle.rows);
    const fit = fitArena(matches, { withTarget: false });
    if (fit === null) throw new Error("The fit has an answer.");
    const residuals = pairingResiduals(fit, matches, { byTarget: false });
    for (const cell of vectors.rating_residuals.cells) {
      const own = residuals.find(({ red, blue }) => red === cell.red && blue === cell.blue);
      expectClose(own?.observed, cell.obs);
      expectClose(own?.expected, cell.exp);
      expectClose(own?.z, cell.z);
    }
  });
});

describe("fitArena on attacks", () => {
  const vector = vectors.attack_rating_clustered;
  const matches = (vector.rows as [string, string, number, number][]).map(
    ([red, blue, successes, trials]) => ({ red, blue, target: "t", successes, trials }),
  );

  it("gives the maximum-likelihood ratings with errors clustered by match", () => {
    const fit = fitArena(matches, { sigma: null, withTarget: false });
    expectClose(fit?.intercept.value, vector.mu);
    expectClose(fit?.intercept.modelError, vector.se_naive[0] as number);
    expectClose(fit?.intercept.clusteredError, vector.se_cluster_cr1[0] as number);
    const red = fit?.centred("red", "r1");
    expectClose(red?.value, vector.r1);
    expectClose(red?.modelError, vector.se_naive[1] as number);
    expectClose(red?.clusteredError, vector.se_cluster_cr1[1] as number);
    const blue = fit?.centred("blue", "b1");
    expectClose(blue?.value, vector.b1);
    expectClose(blue?.clusteredError, vector.se_cluster_cr1[2] as number);
  });
});

describe("findSeparation", () => {
  const matches = pooledGames(vectors.bt_separation.rows);

  it("names the agent that never lost, whose rating has no finite maximum", () => {
    expect(findSeparation(matches)).toContainEqual({ side: "red", agent: "r1" });
    expect(findSeparation(matches)).not.toContainEqual({ side: "red", agent: "r2" });
    expect(fitArena(matches, { sigma: null, withTarget: false })).toBeNull();
  });

  it("leaves the finite ratings under a prior", () => {
    const { names, observations } = bradleyTerry(matches);
    const fit = fitLogit(observations, { precisions: names.map(() => 0.25), zeroSums: [] });
    for (const [index, name] of names.entries()) {
      expectClose(fit.theta[index], vectors.bt_separation.map_theta[name as "r1"]);
    }
  });

  it("finds nothing where everyone both won and lost", () => {
    expect(findSeparation(targetGames(vectors.bt_with_target_effect.rows))).toEqual([]);
  });

  it("names a target on which nothing got through", () => {
    const silent = { red: "r1", blue: "b1", target: "wall", successes: 0, trials: 20 };
    const open = { red: "r1", blue: "b1", target: "door", successes: 10, trials: 20 };
    expect(findSeparation([silent, open])).toEqual([{ side: "target", agent: "wall" }]);
  });
});

describe("standardise", () => {
  it("undoes the reversal that pooling over targets makes", () => {
    const vector = vectors.simpson_pairing_by_target;
    const rates = standardise(
      (vector.rows as [string, string, number, number][]).map(
        ([agent, stratum, successes, trials]) => ({ agent, stratum, successes, trials }),
      ),
    );
    for (const agent of ["rA", "rB"] as const) {
      expectClose(rates.get(agent)?.pooled, vector.pooled[agent]);
      expectClose(rates.get(agent)?.standardised, vector.standardised[agent]);
    }
  });

  it("compares nobody over targets that not everybody met", () => {
    const rates = standardise([
      { agent: "a", stratum: "x", successes: 1, trials: 2 },
      { agent: "b", stratum: "y", successes: 1, trials: 2 },
    ]);
    expect(rates.get("a")).toEqual({ pooled: 0.5, standardised: null });
  });
});

describe("liveElo", () => {
  const toGames = (rows: typeof vectors.elo.games) =>
    (rows as [string, string, number][]).map(([first, second, score]) => ({
      first,
      second,
      score,
    }));

  it("gives the ratings of the vector, which depend on the order of play", () => {
    const forward = liveElo(toGames(vectors.elo.games));
    const backward = liveElo(toGames(vectors.elo.games.toReversed()));
    for (const name of ["r1", "b1", "r2", "b2"] as const) {
      expectClose(forward.get(name), vectors.elo.ratings[name]);
      expectClose(backward.get(name), vectors.elo.ratings_reversed_order[name]);
    }
  });
});
