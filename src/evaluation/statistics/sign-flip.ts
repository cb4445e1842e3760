import { seededRandom } from "./random.ts";
import { sum } from "./summary.ts";

const MOST_EXACT_FLIPS = 16;
const ROUNDING = 1e-9;

/** A sign-flip permutation test. */
export interface SignFlip {
  /** Two-sided. */
  p: number;
  /** Flips at least as extreme as what was seen. */
  extreme: number;
  /** Flips looked at: 2^G when `isExact`. */
  flips: number;
  isExact: boolean;
}

/**
 * Tests that differences are as likely of either sign: over all 2^G flips for up to 16 differences, then
 * by seeded Monte Carlo with (extreme + 1)/(flips + 1). Null without differences.
 */
export function signFlipTest(
  differences: readonly number[],
  { samples = 65_536, seed = 42 }: { samples?: number; seed?: number } = {},
): SignFlip | null {
  const count = differences.length;
  if (count === 0) return null;
  // Sorted, so that the drawn flips do not depend on the order of the cells.
  const values = differences.toSorted((a, b) => a - b);
  const seen = Math.abs(sum(values)) - ROUNDING;
  const isExact = count <= MOST_EXACT_FLIPS;
  const flips = isExact ? 2 ** count : samples;
  const random = seededRandom(seed);
  let extreme = 0;
  for (let flip = 0; flip < flips; flip += 1) {
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const isNegative = isExact ? (flip & (1 << i)) !== 0 : random() < 0.5;
      total += isNegative ? -(values[i] as number) : (values[i] as number);
    }
    if (Math.abs(total) >= seen) extreme += 1;
  }
  const p = isExact ? extreme / flips : (extreme + 1) / (flips + 1);
  return { p, extreme, flips, isExact };
}
