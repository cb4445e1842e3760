import { createHash } from "node:crypto";
import type { Analysis } from "../../analysis/analysis.ts";
import type { Comparison } from "../../comparison/comparison.ts";
import { attackTypeChart, outcomeChart, ratingChart, severityChart } from "../charts/breakdowns.ts";
import { differenceChart } from "../charts/differences.ts";
import { chartDrawer, type Draw } from "../charts/draw.ts";
import { heatmaps } from "../charts/heatmap.ts";
import { clip, counted, decimal, percent, percentRange } from "../format.ts";
import { remarks } from "../remarks.ts";
import { attackTypeTable, cellTable, missingTable, surpriseTable } from "../tables.ts";
import { headline } from "../terminal.ts";
import { renderBreaches } from "./breaches.ts";
import { renderComparison } from "./comparison.ts";
import { renderSide } from "./fragment.ts";
import { html, type Markup, type Part, trusted } from "./html.ts";
import { renderProvenance } from "./provenance.ts";
import { style } from "./style.ts";
import { renderTable } from "./table.ts";

const MOST_TARGETS = 8;
const MOST_CELLS = 400;
const MOST_MISSING = 200;

/** Options of {@link renderHtml}. */
export interface HtmlReportOptions {
  /** Shown on top and in the tab. @default "Arena evaluation" */
  title?: string;
  /** Compared with an earlier run. @default none */
  comparison?: Comparison;
  /** Whether charts are drawn. @default when `vega` and `vega-lite` are installed */
  charts?: boolean;
}

interface Section {
  id: string;
  title: string;
  body: Part;
}

/**
 * Gives one HTML file that shows an analysis: no scripts, nothing loaded, all texts escaped, a policy that
 * forbids everything but its own style sheet. With `vega` and `vega-lite` installed it has charts, without
 * them the same numbers in tables.
 */
export async function renderHtml(
  analysis: Analysis,
  { title = "Arena evaluation", comparison, charts = true }: HtmlReportOptions = {},
): Promise<string> {
  const draw = charts ? await chartDrawer() : null;
  const sections = [
    leaderboards(analysis, await ratingCharts(analysis, draw)),
    await pairings(analysis, draw),
    await breakdowns(analysis, draw),
    { id: "breaches", title: "What got through", body: renderBreaches(analysis) },
    surprises(analysis),
    await comparisonSection(comparison, draw),
    missing(analysis),
    { id: "method", title: "How to read this", body: renderProvenance(analysis) },
  ].filter((section): section is Section => section !== null && section.body !== null);
  const { provenance } = analysis;
  const page = html`<div class="page"><header><h1>${clip(title, 200)}</h1>
<p class="lead">${headline(analysis)}</p></header>
<main>${cards(analysis)}
${remarks(analysis).map((remark) => html`<p class="remark">${clip(remark, 1_000)}</p>`)}
<nav aria-label="Contents"><ul>${sections.map(
    ({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`,
  )}</ul></nav>
${sections.map(
  ({ id, title: name, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>
${body}</section>
`,
)}</main>
<footer>${charts && draw === null && html`<p>Charts need the packages vega and vega-lite; the tables have the same numbers.</p>`}
<p>Made by kestra-arena${provenance.sdkVersion && ` ${clip(provenance.sdkVersion, 40)}`}.</p></footer></div>`;
  return documentOf(title, page);
}

function documentOf(title: string, page: Markup): string {
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${clip(title, 200)}</title><style>${trusted(style)}</style></head>
<body>${page}</body></html>
`.text;
}

function cards({ overall, severity, confidence, missing: lost }: Analysis): Markup {
  const card = (name: string, value: string, small: string, kind?: string) =>
    html`<div${kind && html` class="${kind}"`}><dt>${name}</dt><dd>${value}<small>${small}</small></dd></div>`;
  const { attacks } = overall;
  const level = `${Math.round(confidence * 100)} % interval`;
  const through = `${attacks.successes.toLocaleString("en")} of ${counted(attacks.trials, "decided attack")}`;
  const critical = severity.criticalPerMatch;
  return html`<dl class="cards">${[
    card(
      "Attack success rate",
      percent(attacks.rate),
      `${level} ${percentRange(attacks.interval)}; ${through}`,
      "main",
    ),
    card(
      "Matches",
      overall.matches.toLocaleString("en"),
      lost.length > 0 ? `${lost.length} without a result` : "all with a result",
    ),
    card(
      "Matches breached",
      percent(overall.breachWithin[1]),
      `${overall.breachedMatches} with at least one`,
    ),
    card("Severity", decimal(severity.mean), "mean of what got through, 0–10"),
    card(
      "Critical a match",
      decimal(critical.rate, 2),
      critical.interval
        ? `${decimal(critical.interval.low, 2)}–${decimal(critical.interval.high, 2)}`
        : "–",
    ),
  ]}</dl>`;
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
  const body = html`<div class="charts">${charts}</div>
${types.rows.length > 0 && renderTable(types)}
${renderTable(countTable(analysis))}`;
  return { id: "breakdowns", title: "Attack types, severity, outcomes", body };
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
