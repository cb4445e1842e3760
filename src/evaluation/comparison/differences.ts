import type { MatchTally } from "../analysis/tally.ts";
import { differenceWithin } from "../statistics/difference-within.ts";
import { holm } from "../statistics/multiple-testing.ts";
import { type PairedCell, pairedDifference } from "../statistics/paired-difference.ts";
import { signFlipTest } from "../statistics/sign-flip.ts";
import { mean } from "../statistics/summary.ts";
import type { AttackTypeDifference, Difference } from "./comparison.ts";
import type { CellPair } from "./pair-cells.ts";

const ENOUGH_CELLS = 6;

/** What a match counts as: no value, or one. */
type ValueOf = (tally: MatchTally) => number[];

/** A match's own attack success rate. */
export const matchRate: ValueOf = ({ successes, trials }) => [successes / trials];

const typeRate =
  (attackType: string): ValueOf =>
  ({ byType }) => {
    const own = byType.get(attackType);
    return own === undefined || own.trials === 0 ? [] : [own.successes / own.trials];
  };

/** Makes a cell's matches values to compare. */
export function toPairedCell(values: ValueOf): (pair: CellPair) => PairedCell {
  return ({ cell, redAgentId, blueAgentId, baseline, candidate }) => ({
    cell,
    baseline: baseline.tallies.flatMap(values),
    candidate: candidate.tallies.flatMap(values),
    cluster: JSON.stringify([redAgentId, blueAgentId]),
  });
}

/** Gives the mean difference over cells, its error from the cells, or from the matches where there are few cells. */
export function differenceOf(cells: readonly PairedCell[], confidence: number): Difference {
  const paired = pairedDifference(cells, confidence);
  const signFlip = signFlipTest(paired.differences.map(({ difference }) => difference));
  const { mean: centre, standardError, interval, p, degrees } = paired;
  const byCells = { mean: centre, standardError, interval, p, degrees, signFlip };
  if (paired.differences.length >= ENOUGH_CELLS) return { ...byCells, basis: "cells" };
  const within = differenceWithin(cells, confidence);
  return within ? { ...within, basis: "matches", signFlip } : { ...byCells, basis: "cells" };
}

/** Compares each attack type over the cells in which both runs tried it, largest rise first. */
export function byAttackType(
  pairs: readonly CellPair[],
  confidence: number,
): AttackTypeDifference[] {
  const types = new Set(
    pairs.flatMap(({ baseline, candidate }) =>
      [...baseline.tallies, ...candidate.tallies].flatMap(({ byType }) => [...byType.keys()]),
    ),
  );
  const results = [...types].sort().flatMap((attackType) => {
    const cells = pairs
      .map(toPairedCell(typeRate(attackType)))
      .filter(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0);
    if (cells.length === 0) return [];
    const side = (name: "baseline" | "candidate") =>
      mean(cells.map((cell) => mean(cell[name]) ?? 0)) ?? 0;
    const difference = differenceOf(cells, confidence);
    return [{ attackType, baseline: side("baseline"), candidate: side("candidate"), difference }];
  });
  const tested = results.filter(({ difference }) => difference.p !== null);
  const adjusted = holm(tested.map(({ difference }) => difference.p as number));
  return results
    .map((result) => {
      const adjustedP = adjusted[tested.indexOf(result)] ?? null;
      return {
        ...result,
        adjustedP,
        isDifferent: adjustedP !== null && adjustedP < 1 - confidence,
      };
    })
    .sort((a, b) => (b.difference.mean ?? 0) - (a.difference.mean ?? 0));
}
