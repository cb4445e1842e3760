import { byRank, type RankedSample } from "./cap.ts";

/**
 * The samples that are too many of their label: good and bad ones are kept in equal numbers, or as uneven as
 * `maxRatio` allows (2: twice as many). KTO learns from both; without one of them nothing is left.
 */
export function balanceLabels<Item extends RankedSample>(
  samples: readonly Item[],
  maxRatio = 1,
): Set<Item> {
  const good = samples.filter(({ isGood }) => isGood);
  const bad = samples.filter(({ isGood }) => !isGood);
  const limit = Math.floor(Math.min(good.length, bad.length) * maxRatio);
  return new Set([...byRank(good).slice(limit), ...byRank(bad).slice(limit)]);
}
