import { ArenaError, type ArenaErrorOptions } from "./base.ts";

/** What is wrong with one row of a dataset's file, without the row's content. */
export interface RowProblem {
  /** The line of JSON lines; in JSON and Parquet the number of the row. From 1. */
  line: number;
  /** What is wrong, in words. */
  reason: string;
}

/** A dataset cannot be built, read or converted because of what is in it. No file was left under its final name. */
export class DatasetError extends ArenaError {
  declare readonly code: "dataset";
  /** The bad rows, when there are any. */
  readonly problems: readonly RowProblem[];

  constructor(
    message: string,
    problems: readonly RowProblem[] = [],
    options: ArenaErrorOptions = {},
  ) {
    super("dataset", message, options);
    this.problems = problems;
  }
}
