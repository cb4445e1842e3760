import type { Comparison } from "../comparison/comparison.ts";
import {
  attackTypeDifferenceTable,
  cellDifferenceTable,
  comparisonHeadline,
  comparisonRemarks,
} from "./comparison-tables.ts";
import { plain, renderTextTable } from "./text-table.ts";

/** Gives a comparison as text for a terminal. Nothing in it can control the terminal. */
export function renderComparisonText(comparison: Comparison): string {
  const tables = [attackTypeDifferenceTable(comparison), cellDifferenceTable(comparison, 20)];
  return [
    comparisonHeadline(comparison),
    ...tables.filter(({ rows }) => rows.length > 0).map(renderTextTable),
    ...comparisonRemarks(comparison).map((remark) => `! ${plain(remark)}`),
  ].join("\n\n");
}
