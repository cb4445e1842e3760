import { normalQuantile } from "./distributions.ts";
import type { Interval } from "./interval.ts";

/**
 * Gives Wilson's interval for `successes` of `trials`, or null without trials. No success gives a lower
 * bound of exactly 0, no failure an upper bound of exactly 1.
 *
 * `trials` may be an effective (fractional) number, and `critical` another quantile than the normal one.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  critical: number = normalQuantile(0.975),
): Interval | null {
  if (trials <= 0) return null;
  const rate = successes / trials;
  const z2 = critical * critical;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (critical / (1 + z2 / trials)) *
    Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  return {
    low: successes <= 0 ? 0 : Math.max(0, centre - half),
    high: successes >= trials ? 1 : Math.min(1, centre + half),
  };
}
