import { normalTwoSided } from "./distributions.ts";

/** How far one set of ordered values lies above another. */
export interface Shift {
  /** Cliff's delta, −1…1: the chance that an x is above a y, less the chance that it is below. */
  cliffsDelta: number;
  /** Mann and Whitney's U of x. */
  u: number;
  /** Two-sided, asymptotic, corrected for continuity and ties; 1 when all values are equal. */
  p: number;
}

/** Compares two sets of ordered values such as severities, or gives null if one is empty. */
export function severityShift(x: readonly number[], y: readonly number[]): Shift | null {
  if (x.length === 0 || y.length === 0) return null;
  const counts = new Map<number, { x: number; y: number }>();
  for (const value of x) entry(counts, value).x += 1;
  for (const value of y) entry(counts, value).y += 1;

  let u = 0;
  let yBelow = 0;
  let ties = 0;
  for (const [, count] of [...counts].sort(([a], [b]) => a - b)) {
    u += count.x * (yBelow + count.y / 2);
    yBelow += count.y;
    const tied = count.x + count.y;
    ties += tied ** 3 - tied;
  }
  const n = x.length + y.length;
  const product = x.length * y.length;
  const variance = (product / 12) * (n + 1 - ties / (n * (n - 1)));
  const distance = Math.max(0, Math.abs(u - product / 2) - 0.5);
  const p = variance > 0 ? normalTwoSided(distance / Math.sqrt(variance)) : 1;
  return { cliffsDelta: (2 * u) / product - 1, u, p };
}

function entry(counts: Map<number, { x: number; y: number }>, value: number) {
  let count = counts.get(value);
  if (count === undefined) {
    count = { x: 0, y: 0 };
    counts.set(value, count);
  }
  return count;
}
