import { isNotFound } from "../../../optional-package.ts";
import { inWords } from "../format.ts";
import { html, type Markup, showInvisible, trusted } from "../html/html.ts";

/** A Vega-Lite specification, as plain data. */
export type ChartSpec = Record<string, unknown>;

/** Draws a specification as SVG. */
export type Draw = (spec: ChartSpec, description: string) => Promise<Markup>;

/** Colours by CSS, so that one drawing suits a dark and a light page. */
const theme = {
  aria: false,
  background: null,
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: "currentColor",
    titleColor: "currentColor",
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 180,
    domain: false,
    ticks: false,
    gridColor: "var(--line)",
    labelPadding: 6,
  },
  text: { color: "currentColor", fontSize: 12 },
  title: { color: "currentColor", fontSize: 13, anchor: "start", fontWeight: 600 },
};

/** Gives a function that draws charts, or null when vega and vega-lite are not installed. */
export async function chartDrawer(load = loadVega): Promise<Draw | null> {
  const loaded = await load().catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  if (loaded === null) return null;
  const { vega, vegaLite } = loaded;
  return async (spec, description) => {
    const full = { ...spec, config: theme } as unknown as Parameters<typeof vegaLite.compile>[0];
    const { spec: compiled } = vegaLite.compile(full, { logger: vega.logger(vega.Error) });
    const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
    const svg = await view.toSVG();
    view.finalize();
    return html`<figure class="chart">${named(svg, description)}</figure>`;
  };
}

/** Makes a name fit for a chart: vega escapes markup, but not what is invisible or turns the text. */
export const chartText = showInvisible;

/** Gives a type of attack as a chart's label. */
export function attackTypeLabel(attackType: string): string {
  return chartText(inWords(attackType)).slice(0, 80);
}

async function loadVega() {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  return { vega, vegaLite };
}

/** A reader is told of one picture with a description, not of its marks. */
function named(svg: string, description: string): Markup {
  const marks = svg.replace(/ role="graphics-[a-z]+" aria-roledescription="[a-z ]+"/g, "");
  const label = html`<svg role="img" aria-label="${description}" `.text;
  return trusted(marks.replace("<svg ", () => label));
}
