import { normalQuantile } from "./distributions.ts";

/** Options of {@link sampleSize} and the smallest detectable difference. */
export interface PowerOptions {
  /** Two-sided error of the first kind, as a fraction. @default 0.05 */
  alpha?: number;
  /** Chance to see a difference that is there, as a fraction. @default 0.8 */
  power?: number;
}

/**
 * Gives how many independent trials a side needs to tell two rates apart, not rounded; multiply by the
 * design effect for attacks within matches.
 */
export function sampleSize(
  rateA: number,
  rateB: number,
  { alpha = 0.05, power = 0.8 }: PowerOptions = {},
): number {
  const middle = (rateA + rateB) / 2;
  const under = normalQuantile(1 - alpha / 2) * Math.sqrt(2 * middle * (1 - middle));
  const over = normalQuantile(power) * Math.sqrt(rateA * (1 - rateA) + rateB * (1 - rateB));
  return ((under + over) / (rateA - rateB)) ** 2;
}

/**
 * Gives the smallest fall below `rate` that `trials` independent trials a side would show with the wanted
 * power, or null if not even a fall to 0 would show.
 */
export function detectableDifference(
  rate: number,
  trials: number,
  options: PowerOptions = {},
): number | null {
  if (trials <= 0 || rate <= 0 || sampleSize(rate, 0, options) > trials) return null;
  let low = 0;
  let high = rate;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (sampleSize(rate, rate - middle, options) > trials) low = middle;
    else high = middle;
  }
  return high;
}
