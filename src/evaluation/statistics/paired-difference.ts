import { studentQuantile, studentTwoSided } from "./distributions.ts";
import { groupBy } from "./group-by.ts";
import type { Interval } from "./interval.ts";
import { mean, standardDeviation, sum } from "./summary.ts";

/** One cell's (red, blue, target) results in two runs, one value a match. */
export interface PairedCell {
  cell: string;
  baseline: readonly number[];
  candidate: readonly number[];
  /** Cells with the same key are taken to move together, as the pairing red|blue over its targets does. */
  cluster?: string;
}

/** The mean over cells of candidate − baseline. */
export interface PairedDifference {
  /** In the order given. */
  differences: { cell: string; difference: number }[];
  /** Null without a cell that has results on both sides. */
  mean: number | null;
  /** sd(d)/√G; null with fewer than two cells. */
  standardError: number | null;
  /** As if the runs had not been paired, over single matches: what pairing gains. Null under two matches. */
  unpairedError: number | null;
  /** Clustered by `cluster`, null without at least two. */
  clusteredError: number | null;
  degrees: number;
  t: number | null;
  /** Two-sided, of no difference. */
  p: number | null;
  interval: Interval | null;
}

/** Compares two runs cell by cell with Student's distribution over the cells. */
export function pairedDifference(
  cells: readonly PairedCell[],
  confidence = 0.95,
): PairedDifference {
  const used = cells.filter((c) => c.baseline.length > 0 && c.candidate.length > 0);
  const differences = used.map((cell) => ({
    cell: cell.cell,
    difference: (mean(cell.candidate) as number) - (mean(cell.baseline) as number),
  }));
  const values = differences.map(({ difference }) => difference);
  const centre = mean(values);
  const deviation = standardDeviation(values);
  const standardError = deviation === null ? null : deviation / Math.sqrt(values.length);
  const degrees = Math.max(0, values.length - 1);
  const base = {
    differences,
    mean: centre,
    standardError,
    unpairedError: unpairedError(used),
    clusteredError: clusteredError(used, values),
    degrees,
  };
  if (centre === null || standardError === null)
    return { ...base, t: null, p: null, interval: null };
  const half = studentQuantile((1 + confidence) / 2, degrees) * standardError;
  const interval = { low: centre - half, high: centre + half };
  if (standardError === 0) return { ...base, t: null, p: centre === 0 ? 1 : 0, interval };
  const t = centre / standardError;
  return { ...base, t, p: studentTwoSided(t, degrees), interval };
}

function unpairedError(cells: readonly PairedCell[]): number | null {
  const baseline = cells.flatMap((cell) => cell.baseline);
  const candidate = cells.flatMap((cell) => cell.candidate);
  const a = standardDeviation(baseline);
  const b = standardDeviation(candidate);
  if (a === null || b === null) return null;
  return Math.sqrt(a ** 2 / baseline.length + b ** 2 / candidate.length);
}

function clusteredError(cells: readonly PairedCell[], values: readonly number[]): number | null {
  if (values.length < 2 || cells.some(({ cluster }) => cluster === undefined)) return null;
  const centre = sum(values) / values.length;
  const groups = groupBy(cells.keys(), (index) => cells[index]?.cluster);
  if (groups.size < 2) return null;
  let squares = 0;
  for (const members of groups.values()) {
    squares += sum(members.map((index) => (values[index] as number) - centre)) ** 2;
  }
  return Math.sqrt((groups.size / (groups.size - 1)) * squares) / values.length;
}
