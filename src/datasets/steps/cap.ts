/** What capping and balancing need to know of a sample. */
export interface RankedSample {
  matchId: string;
  attackType: string;
  isGood: boolean;
  /** Decides who stays: the lowest do. Depends on the seed and the text alone. */
  rank: number;
}

/** How much of one thing a dataset may have. */
export interface CapOptions {
  /** Samples of one match. @default 50 */
  maxPerMatch?: number | undefined;
  /** The part of one type of attack, 0 to 1, on each side of the split. @default 0.5 */
  maxAttackTypeShare?: number | undefined;
}

/** Why a sample is over a cap. */
export type CapReason = "match_cap" | "attack_type_cap";

/** The default of {@link CapOptions.maxPerMatch}. */
export const defaultMaxPerMatch = 50;
/** The default of {@link CapOptions.maxAttackTypeShare}. */
export const defaultMaxAttackTypeShare = 0.5;

/** The samples that are over a cap, with the reason: first by match, then by type of attack. */
export function capSamples<Item extends RankedSample>(
  samples: readonly Item[],
  options: CapOptions = {},
): Map<Item, CapReason> {
  const dropped = new Map<Item, CapReason>();
  const maxPerMatch = options.maxPerMatch ?? defaultMaxPerMatch;
  for (const group of Map.groupBy(samples, ({ matchId }) => matchId).values()) {
    for (const item of byRank(group).slice(maxPerMatch)) dropped.set(item, "match_cap");
  }
  const rest = samples.filter((item) => !dropped.has(item));
  const types = Map.groupBy(rest, ({ attackType }) => attackType);
  const sizes = [...types.values()].map((group) => group.length);
  const cap = largestShare(sizes, options.maxAttackTypeShare ?? defaultMaxAttackTypeShare);
  for (const group of types.values()) {
    for (const item of byRank(group).slice(cap)) dropped.set(item, "attack_type_cap");
  }
  return dropped;
}

/** Lowest rank first. */
export function byRank<Item extends RankedSample>(samples: readonly Item[]): Item[] {
  return samples.toSorted((a, b) => a.rank - b.rank);
}

/** The most that one group may have so that it is no more than this part of all. With too few groups there is no cap. */
function largestShare(sizes: readonly number[], share: number): number {
  const descending = sizes.toSorted((a, b) => b - a);
  if (descending.length * share <= 1) return descending[0] ?? 0;
  let rest = descending.reduce((sum, size) => sum + size, 0);
  for (const [index, size] of descending.entries()) {
    rest -= size;
    // All groups up to this one are cut to the same size; those behind it are small enough.
    const groups = index + 1;
    const free = 1 - share * groups;
    const cap = free <= 0 ? size : Math.floor((share * rest) / free);
    if (cap >= (descending[index + 1] ?? 0)) return Math.max(1, Math.min(cap, size));
  }
  return descending[0] ?? 0;
}
