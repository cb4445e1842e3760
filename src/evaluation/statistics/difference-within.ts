import { studentQuantile, studentTwoSided } from "./distributions.ts";
import type { Interval } from "./interval.ts";
import type { PairedCell } from "./paired-difference.ts";
import { mean, sum } from "./summary.ts";

/** A mean difference over cells with the error taken from the matches within them. */
export interface DifferenceWithin {
  mean: number;
  standardError: number;
  /** Matches less samples. */
  degrees: number;
  p: number;
  interval: Interval;
}

/**
 * Compares two runs over few cells: the error comes from how much matches of one cell differ. Null unless
 * some cell has two matches on each side.
 */
export function differenceWithin(
  cells: readonly PairedCell[],
  confidence = 0.95,
): DifferenceWithin | null {
  const used = cells.filter((c) => c.baseline.length > 0 && c.candidate.length > 0);
  const samples = used.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const degreesWithin = sum(samples.map(({ length }) => length - 1));
  if (degreesWithin === 0) return null;
  // One variance for all: three matches of a cell cannot show their own.
  const variance = sum(samples.map(squares)) / degreesWithin;
  const centre = mean(used.map((c) => (mean(c.candidate) ?? 0) - (mean(c.baseline) ?? 0))) ?? 0;
  const weight = sum(samples.map(({ length }) => 1 / length));
  const standardError = Math.sqrt(variance * weight) / used.length;
  const half = studentQuantile((1 + confidence) / 2, degreesWithin) * standardError;
  const p =
    standardError > 0
      ? studentTwoSided(centre / standardError, degreesWithin)
      : Number(centre === 0);
  const interval = { low: centre - half, high: centre + half };
  return { mean: centre, standardError, degrees: degreesWithin, p, interval };
}

function squares(values: readonly number[]): number {
  const centre = mean(values) ?? 0;
  return sum(values.map((value) => (value - centre) ** 2));
}
