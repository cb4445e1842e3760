import type { Analysis } from "../../analysis/analysis.ts";
import type { Comparison } from "../../comparison/comparison.ts";
import { attackTypeChart, outcomeChart, ratingChart, severityChart } from "../charts/breakdowns.ts";
import { differenceChart } from "../charts/differences.ts";
import type { Draw } from "../charts/draw.ts";
import { heatmaps } from "../charts/heatmap.ts";
import { percent } from "../format.ts";
import { attackTypeTable, cellTable, missingTable, surpriseTable } from "../tables.ts";
import { renderBreaches } from "./breaches.ts";
import { renderComparison } from "./comparison.ts";
import { renderSide } from "./fragment.ts";
import { html, type Markup, type Part } from "./html.ts";
import { renderProvenance } from "./provenance.ts";
import { renderTable } from "./table.ts";

const MOST_TARGETS = 8;
const MOST_CELLS = 400;
const MOST_MISSING = 200;

/** A part of the report with its heading. */
export interface Section {
  id: string;
  title: string;
  body: Part;
}

/** Renders the report's sections, those that have something to say; charts where there is something to draw with. */
export async function renderSections(
  analysis: Analysis,
  comparison: Comparison | undefined,
  draw: Draw | null,
): Promise<Section[]> {
  const sections = [
    leaderboards(analysis, await ratingCharts(analysis, draw)),
    await pairings(analysis, draw),
    await breakdowns(analysis, draw),
    { id: "breaches", title: "What got through", body: renderBreaches(analysis) },
    surprises(analysis),
    await comparisonSection(comparison, draw),
    missing(analysis),
    { id: "method", title: "How to read this", body: renderProvenance(analysis) },
  ];
  return sections.filter(
    (section): section is Section => section !== null && section.body !== null,
  );
}

function leaderboards(analysis: Analysis, charts: readonly Markup[]): Section {
  const body = html`${charts.length > 0 && html`<div class="charts">${charts}</div>`}
${(["red", "blue", "target"] as const).map(
  (side) => html`<div class="${side}">${renderSide(analysis, side)}</div>`,
)}`;
  return { id: "leaderboards", title: "Leaderboards", body };
}

async function ratingCharts(analysis: Analysis, draw: Draw | null): Promise<Markup[]> {
  const charts = (["red", "blue", "target"] as const).map((side) => ratingChart(analysis, side));
  const drawn = charts.flatMap((chart) =>
    chart && draw ? [draw(chart.spec, chart.description)] : [],
  );
  return await Promise.all(drawn);
}

async function pairings(analysis: Analysis, draw: Draw | null): Promise<Section | null> {
  if (analysis.cells.length === 0) return null;
  const maps: Markup[] = [];
  for (const { target, spec, description } of draw ? heatmaps(analysis, MOST_TARGETS) : []) {
    if (draw) maps.push(html`<div><h3>On ${target}</h3>${await draw(spec, description)}</div>`);
  }
  const table = cellTable(analysis);
  const hidden = table.rows.length - MOST_CELLS;
  const body = html`${maps.length > 0 && html`<p>Attack success rate in percent, red against blue; what gets through most stands first.</p><div class="charts">${maps}</div>`}
${analysis.target.length > MOST_TARGETS && html`<p class="note">Drawn for the ${MOST_TARGETS} targets that let most through.</p>`}
<details><summary>Table by pairing</summary>${renderTable({
    ...table,
    rows: table.rows.slice(0, MOST_CELLS),
    ...(hidden > 0 && { note: `… and ${hidden} more; all are in the JSON.` }),
  })}</details>`;
  return { id: "pairings", title: "Red against blue", body };
}

async function breakdowns(analysis: Analysis, draw: Draw | null): Promise<Section> {
  const figure = async (title: string, chart: ReturnType<typeof severityChart>) =>
    chart && draw && html`<div><h3>${title}</h3>${await draw(chart.spec, chart.description)}</div>`;
  const charts = [
    await figure("Success by type", attackTypeChart(analysis)),
    await figure("Severity of what got through", severityChart(analysis)),
    await figure("How attacks ended", outcomeChart(analysis)),
  ];
  const types = attackTypeTable(analysis);
  const counts = countTable(analysis);
  const body = html`<div class="charts">${charts}</div>
${types.rows.length > 0 && renderTable(types)}
${folded(renderTable(counts), counts.title, draw !== null)}`;
  return { id: "breakdowns", title: "Attack types, severity, outcomes", body };
}

/** What a chart shows already is folded away. */
function folded(table: Markup, title: string, isDrawn: boolean): Markup {
  return isDrawn ? html`<details><summary>${title}</summary>${table}</details>` : table;
}

function countTable({ severity, outcomes, overall }: Analysis) {
  const total = Math.max(1, overall.attacks.trials + overall.undecided);
  return {
    title: "Severity of what got through, and how attacks ended",
    columns: [
      { head: "What" },
      { head: "Attacks", align: "right" as const },
      { head: "Share of all", align: "right" as const },
    ],
    rows: [
      ...Object.entries(severity.counts).map(([word, n]) => [`severity: ${word}`, n] as const),
      ...Object.entries(outcomes).map(([outcome, n]) => [`outcome: ${outcome}`, n] as const),
    ].map(([what, n]) => [what, n.toLocaleString("en"), percent(n / total)]),
  };
}

function surprises(analysis: Analysis): Section | null {
  if (analysis.surprises.cells.length === 0) return null;
  const table = surpriseTable(analysis);
  const body = renderTable({ ...table, rows: table.rows.slice(0, 50) });
  return { id: "surprises", title: "Surprises", body };
}

async function comparisonSection(
  comparison: Comparison | undefined,
  draw: Draw | null,
): Promise<Section | null> {
  if (comparison === undefined) return null;
  const chart = differenceChart(comparison);
  const body = html`${chart && draw && (await draw(chart.spec, chart.description))}${renderComparison(comparison)}`;
  return { id: "comparison", title: "Compared with the baseline", body };
}

function missing(analysis: Analysis): Section | null {
  if (analysis.missing.length === 0) return null;
  const body = renderTable(missingTable(analysis, MOST_MISSING));
  return { id: "missing", title: "Matches without a result", body };
}
