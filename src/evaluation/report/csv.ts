import { loadOptional } from "../../optional-package.ts";
import type { EvaluationRow } from "../rows.ts";
import { matchColumns } from "./match-table.ts";

/**
 * Gives one CSV line a match under a head line. A cell that a spreadsheet would run as a formula is escaped.
 *
 * @throws ConfigError when `csv-stringify` is not installed.
 */
export async function renderCsv(rows: readonly EvaluationRow[]): Promise<string> {
  const { stringify } = await loadOptional(
    () => import("csv-stringify/sync"),
    "csv-stringify",
    "A CSV report",
  );
  return stringify(
    rows.map((row) => matchColumns.map(({ value }) => value(row))),
    { header: true, columns: matchColumns.map(({ name }) => name), escape_formulas: true },
  );
}
