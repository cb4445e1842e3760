/** A closed interval; rates are fractions, 0–1. */
export interface Interval {
  low: number;
  high: number;
}
