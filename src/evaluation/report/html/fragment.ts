import type { Analysis } from "../../analysis/analysis.ts";
import type { Side } from "../../statistics/arena-model.ts";
import { remarks } from "../remarks.ts";
import { bestFirst, sideTable } from "../tables.ts";
import { furtherTables, headline } from "../terminal.ts";
import { intervalBar } from "./bars.ts";
import { renderCell } from "./cell.ts";
import { html } from "./html.ts";
import { renderTable } from "./table.ts";

/** Gives an analysis as a fragment for a notebook's cell. */
export function renderFragment(analysis: Analysis): string {
  const sides = (["red", "blue", "target"] as const).filter((side) => analysis[side].length > 0);
  return renderCell(html`<p>${headline(analysis)}</p>
${sides.map((side) => renderSide(analysis, side))}
${furtherTables(analysis).map((table) => renderTable(table))}
${remarks(analysis).map((remark) => html`<p>${remark}</p>`)}`);
}

/** Renders a side's leaderboard with a bar a row. */
export function renderSide(analysis: Analysis, side: Side) {
  const ratings = analysis.ratings?.[side].ratings ?? [];
  const cells = bestFirst(analysis[side], ratings).map(([{ attacks }]) =>
    intervalBar(attacks.rate, attacks.interval),
  );
  return renderTable(sideTable(analysis, side), { graphic: { head: "0–100 %", cells } });
}
