import { chiSquareQuantile } from "./distributions.ts";
import type { Interval } from "./interval.ts";

/**
 * Gives the exact (Garwood) interval of a rate of `events` in `exposure` (hours, matches: the unit is the
 * caller's), or null without exposure.
 */
export function poissonInterval(
  events: number,
  exposure: number,
  confidence = 0.95,
): Interval | null {
  if (exposure <= 0) return null;
  const tail = (1 - confidence) / 2;
  return {
    low: events === 0 ? 0 : chiSquareQuantile(tail, 2 * events) / 2 / exposure,
    high: chiSquareQuantile(1 - tail, 2 * events + 2) / 2 / exposure,
  };
}
