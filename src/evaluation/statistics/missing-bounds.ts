import type { Interval } from "./interval.ts";

/**
 * Gives the rates that would be seen if all of the `missing` units had failed, and if all had succeeded;
 * null when there is nothing at all.
 */
export function missingBounds(successes: number, known: number, missing: number): Interval | null {
  const total = known + missing;
  if (total === 0) return null;
  return { low: successes / total, high: (successes + missing) / total };
}
