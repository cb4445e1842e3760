import type { ClusteredRate } from "../statistics/clustered-rate.ts";
import { type StratifiedCluster, stratifiedRate } from "../statistics/stratified-rate.ts";
import type { MatchTally } from "./tally.ts";

/** How one type of attack fared over all matches. */
export interface AttackTypeResult {
  attackType: string;
  /** Matches in which it was tried are the clusters. */
  attacks: ClusteredRate;
}

/** Gives each attack type's rate with its interval clustered by match, highest first. */
export function attackTypeResults(
  tallies: readonly MatchTally[],
  confidence: number,
): AttackTypeResult[] {
  const types = [...new Set(tallies.flatMap(({ byType }) => [...byType.keys()]))].sort();
  return types
    .map((attackType) => ({
      attackType,
      attacks: stratifiedRate(ofType(tallies, attackType), null, confidence),
    }))
    .sort((a, b) => (b.attacks.rate ?? -1) - (a.attacks.rate ?? -1));
}

function ofType(tallies: readonly MatchTally[], attackType: string): StratifiedCluster[] {
  return tallies.flatMap(({ byType, stratum }) => {
    const own = byType.get(attackType);
    return own === undefined ? [] : [{ ...own, stratum }];
  });
}
