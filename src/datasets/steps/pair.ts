import { similarity } from "../near/min-hash.ts";
import { byRank, type RankedSample } from "./cap.ts";

/** What pairing needs to know of a sample. */
export interface PairableSample extends RankedSample {
  /** Samples of one group have (nearly) the same attack. */
  group: number;
  /** The signature of its attack. */
  signature: Uint32Array;
}

/** Which answers may stand side by side: to (nearly) the same attack, or to attacks of one type. */
export type PairBy = "attack" | "attack-type";

/** A better and a worse answer. The row's prompt is that of the worse one: there the agent went wrong. */
export interface Pair<Item> {
  chosen: Item;
  rejected: Item;
  /** What the two have in common. */
  by: PairBy;
}

/** How many answers are compared to find the one to the most similar attack. */
const maxCandidates = 64;

/**
 * Pairs good with bad samples, each used once: first those of (nearly) the same attack, then, with `attack-type`,
 * those of one type of attack, the most similar first.
 */
export function pairSamples<Item extends PairableSample>(
  samples: readonly Item[],
  pairBy: PairBy,
): Pair<Item>[] {
  const pairs: Pair<Item>[] = [];
  const used = new Set<Item>();
  const pairUp = (group: readonly Item[], by: PairBy) => {
    const free = byRank(group).filter((item) => !used.has(item));
    const good = free.filter(({ isGood }) => isGood);
    // One comes up for each that is taken: to take it out of all good ones would move thousands of them each time.
    const candidates = good.slice(0, maxCandidates);
    const others = good.slice(maxCandidates).values();
    for (const rejected of free.filter(({ isGood }) => !isGood)) {
      const chosen = takeMostSimilar(candidates, rejected);
      if (chosen === undefined) break;
      const { value: next } = others.next();
      if (next !== undefined) candidates.push(next);
      used.add(chosen).add(rejected);
      pairs.push({ chosen, rejected, by });
    }
  };
  for (const group of Map.groupBy(samples, (item) => item.group).values()) {
    pairUp(group, "attack");
  }
  if (pairBy === "attack") return pairs;
  for (const group of Map.groupBy(samples, (item) => item.attackType).values()) {
    pairUp(group, "attack-type");
  }
  return pairs;
}

function takeMostSimilar<Item extends PairableSample>(
  candidates: Item[],
  rejected: Item,
): Item | undefined {
  let best = -1;
  let bestSimilarity = -1;
  for (const [index, candidate] of candidates.entries()) {
    const alike = similarity(candidate.signature, rejected.signature);
    if (alike > bestSimilarity) [best, bestSimilarity] = [index, alike];
  }
  return best === -1 ? undefined : candidates.splice(best, 1)[0];
}
