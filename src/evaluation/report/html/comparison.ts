import type { Comparison } from "../../comparison/comparison.ts";
import {
  attackTypeDifferenceTable,
  cellDifferenceTable,
  comparisonHeadline,
  comparisonRemarks,
} from "../comparison-tables.ts";
import { clip } from "../format.ts";
import { renderCell } from "./cell.ts";
import { html, type Markup } from "./html.ts";
import { renderTable } from "./table.ts";

/** Gives a comparison as a fragment for a notebook's cell. */
export function renderComparisonFragment(comparison: Comparison): string {
  return renderCell(renderComparison(comparison));
}

/** Renders a comparison's tables and remarks. */
export function renderComparison(comparison: Comparison): Markup {
  const types = attackTypeDifferenceTable(comparison);
  const cells = cellDifferenceTable(comparison);
  return html`<p>${comparisonHeadline(comparison)}</p>
${comparisonRemarks(comparison).map((remark) => html`<p class="remark">${clip(remark, 1_000)}</p>`)}
${types.rows.length > 0 && renderTable(types)}
${cells.rows.length > 0 && html`<details><summary>${cells.title}</summary>${renderTable(cells)}</details>`}`;
}
