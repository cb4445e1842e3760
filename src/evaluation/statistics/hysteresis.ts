/** Thresholds of {@link hysteresis}. */
export interface HysteresisOptions {
  /** Raise at or over this. */
  raiseAt: number;
  /** Clear under this; lower than `raiseAt`. */
  clearUnder: number;
  /** Checks in a row that it takes to raise or to clear. @default 2 */
  checks?: number;
}

/**
 * Tells after each value whether the alert is on. One value over a threshold is noise, and a value between
 * the two thresholds changes nothing.
 */
export function hysteresis(
  values: readonly number[],
  { raiseAt, clearUnder, checks = 2 }: HysteresisOptions,
): boolean[] {
  let isFiring = false;
  let streak = 0;
  return values.map((value) => {
    streak = (isFiring ? value < clearUnder : value >= raiseAt) ? streak + 1 : 0;
    if (streak >= checks) {
      isFiring = !isFiring;
      streak = 0;
    }
    return isFiring;
  });
}
