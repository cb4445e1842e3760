import { InputError } from "../errors.ts";

/** Notebook cells are seldom type-checked, and an analysis is easily taken for the rows that it was made of. */
export function checkRows(subject: string, rows: unknown): void {
  if (Array.isArray(rows)) return;
  throw new InputError(subject, [
    { path: [], message: "must be an array of rows, such as the `rows` of a run or of a batch" },
  ]);
}
