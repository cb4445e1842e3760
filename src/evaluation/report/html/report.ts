import { createHash } from "node:crypto";
import type { Analysis } from "../../analysis/analysis.ts";
import type { Comparison } from "../../comparison/comparison.ts";
import { chartDrawer } from "../charts/draw.ts";
import { clip, counted, decimal, level, percent, percentRange } from "../format.ts";
import { remarks } from "../remarks.ts";
import { headline } from "../terminal.ts";
import { html, type Markup, trusted } from "./html.ts";
import { renderSections } from "./sections.ts";
import { style } from "./style.ts";

/** Options of {@link renderHtml}. */
export interface HtmlReportOptions {
  /** Shown on top and in the tab. @default "Arena evaluation" */
  title?: string;
  /** Compared with an earlier run. @default none */
  comparison?: Comparison;
  /** Whether charts are drawn. @default when `vega` and `vega-lite` are installed */
  charts?: boolean;
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
  const sections = await renderSections(analysis, comparison, draw);
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
  const interval = `${level(confidence)} interval`;
  const through = `${attacks.successes.toLocaleString("en")} of ${counted(attacks.trials, "decided attack")}`;
  const critical = severity.criticalPerMatch;
  return html`<dl class="cards">${[
    card(
      "Attack success rate",
      percent(attacks.rate),
      `${interval} ${percentRange(attacks.interval)}; ${through}`,
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
        ? `${interval} ${decimal(critical.interval.low, 2)}–${decimal(critical.interval.high, 2)}`
        : "–",
    ),
  ]}</dl>`;
}
