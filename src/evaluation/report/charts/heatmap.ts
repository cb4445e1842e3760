import type { Analysis } from "../../analysis/analysis.ts";
import { namesOf, percent } from "../format.ts";
import { type ChartSpec, chartText } from "./draw.ts";

const MOST_CELLS = 900;
const MOST_TEXTS = 400;

/** The red × blue heatmap of one target. */
export interface Heatmap {
  target: string;
  spec: ChartSpec;
  description: string;
}

/** Gives a heatmap a target, in the targets' order; none for a matrix too large to be read. */
export function heatmaps(analysis: Analysis, limit: number): Heatmap[] {
  const name = namesOf(analysis);
  const order = (side: "red" | "blue") => analysis[side].map((r) => chartText(name(r.agentId)));
  const [reds, blues] = [order("red"), order("blue")];
  if (reds.length * blues.length > MOST_CELLS) return [];
  return analysis.target.slice(0, limit).map(({ agentId, attacks: overall }) => {
    const values = analysis.cells
      .filter(({ targetAgentId }) => targetAgentId === agentId)
      .map(({ redAgentId, blueAgentId, attacks }) => ({
        red: chartText(name(redAgentId)),
        blue: chartText(name(blueAgentId)),
        rate: attacks.rate ?? 0,
        label: attacks.rate === null ? "–" : String(Math.round(attacks.rate * 100)),
      }));
    const target = name(agentId);
    return {
      target,
      spec: heatmapSpec(values, reds, blues),
      description: `Attack success rate in percent of each red agent against each blue agent on ${target}; overall ${percent(overall.rate)}. The table by pairing has the numbers.`,
    };
  });
}

function heatmapSpec(values: readonly object[], reds: string[], blues: string[]): ChartSpec {
  const isSmall = reds.length * blues.length <= MOST_TEXTS;
  const position = {
    x: {
      field: "blue",
      type: "nominal",
      sort: blues,
      title: "blue agent",
      axis: { orient: "top", labelAngle: blues.length > 5 ? -40 : 0, labelLimit: 110 },
    },
    y: { field: "red", type: "nominal", sort: reds, title: "red agent", axis: { labelLimit: 130 } },
  };
  const tiles = {
    mark: { type: "rect", fill: "var(--red)", cornerRadius: 4, stroke: "var(--line)" },
    encoding: {
      fillOpacity: {
        field: "rate",
        type: "quantitative",
        scale: { domain: [0, 1], range: [0.04, 1] },
        legend: null,
      },
    },
  };
  const texts = {
    mark: { type: "text", fontSize: 13 },
    encoding: {
      text: { field: "label", type: "nominal" },
      // On the strongest tiles only white can be read, in both modes.
      color: { condition: { test: "datum.rate > 0.76", value: "#fff" }, value: "currentColor" },
    },
  };
  return {
    width: { step: isSmall ? (blues.length > 5 ? 46 : 72) : 20 },
    height: { step: isSmall ? 38 : 18 },
    data: { values },
    encoding: position,
    layer: isSmall ? [tiles, texts] : [tiles],
  };
}
