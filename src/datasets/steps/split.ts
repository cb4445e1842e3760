import { seededShare } from "../text.ts";

/** A side of the split. */
export type Side = "train" | "validation";

/** What the split needs to know of a sample. */
export interface SplitSample {
  matchId: string;
  /** Samples of one group have (nearly) the same attack. */
  group: number;
}

/** How samples are split. */
export interface SplitOptions {
  /** One seed, one split. */
  seed: number;
  /** The part of the matches that goes to validation, 0 to 1. */
  validationShare: number;
}

/** The side of a match: by its id and the seed alone, so that it stays where it is when more matches come. */
export function sideOfMatch(matchId: string, { seed, validationShare }: SplitOptions): Side {
  return seededShare(seed, matchId) < validationShare ? "validation" : "train";
}

/**
 * The side of each sample, or nothing for one that must go: its match is on one side and most of the samples with the
 * same attack are on the other. Whole matches and whole groups of near attacks are on one side.
 */
export function splitSamples(
  samples: readonly SplitSample[],
  options: SplitOptions,
): (Side | undefined)[] {
  const sideOf = sidesOfMatches(samples, options);
  const balance = new Map<number, number>();
  for (const { matchId, group } of samples) {
    const weight = sideOf.get(matchId) === "validation" ? -1 : 1;
    balance.set(group, (balance.get(group) ?? 0) + weight);
  }
  return samples.map(({ matchId, group }) => {
    const side = sideOf.get(matchId);
    const groupSide: Side = (balance.get(group) ?? 0) < 0 ? "validation" : "train";
    return side === groupSide ? side : undefined;
  });
}

function sidesOfMatches(samples: readonly SplitSample[], options: SplitOptions): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const { matchId } of samples) {
    if (!sides.has(matchId)) sides.set(matchId, sideOfMatch(matchId, options));
  }
  const isLopsided = new Set(sides.values()).size === 1;
  const isWanted = options.validationShare > 0 && options.validationShare < 1;
  if (isLopsided && isWanted && sides.size > 1) moveOne(sides, options.seed);
  return sides;
}

/** Few matches can all fall on one side: then the one that is nearest to the other side goes there. */
function moveOne(sides: Map<string, Side>, seed: number): void {
  const ordered = [...sides.keys()].toSorted((a, b) => seededShare(seed, a) - seededShare(seed, b));
  const isAllTrain = sides.values().next().value === "train";
  const moved = isAllTrain ? ordered.at(0) : ordered.at(-1);
  if (moved !== undefined) sides.set(moved, isAllTrain ? "validation" : "train");
}
