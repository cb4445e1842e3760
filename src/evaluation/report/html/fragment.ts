import type { Analysis } from "../../analysis/analysis.ts";
import { remarks } from "../remarks.ts";
import { attackTypeTable, bestFirst, sideTable } from "../tables.ts";
import { headline } from "../terminal.ts";
import { intervalBar } from "./bars.ts";
import { html } from "./html.ts";
import { renderTable } from "./table.ts";

/** Gives an analysis as a fragment for a notebook's cell: tables, no scripts, no styles of its own. */
export function renderFragment(analysis: Analysis): string {
  return html`<section>
<p>${headline(analysis)}</p>
${(["red", "blue", "target"] as const).map((side) => renderSide(analysis, side))}
${renderTable(attackTypeTable(analysis))}
${remarks(analysis).map((remark) => html`<p>${remark}</p>`)}
</section>`.text;
}

/** Renders a side's leaderboard with a bar a row. */
export function renderSide(analysis: Analysis, side: "red" | "blue" | "target") {
  const ratings = analysis.ratings?.[side].ratings ?? [];
  const cells = bestFirst(analysis[side], ratings).map(([{ attacks }]) =>
    intervalBar(attacks.rate, attacks.interval),
  );
  return renderTable(sideTable(analysis, side), { graphic: { head: "0–100 %", cells } });
}
