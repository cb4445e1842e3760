import type { Analysis } from "../../analysis/analysis.ts";
import type { Side } from "../../statistics/arena-model.ts";
import { counted, decimal, namesOf } from "../format.ts";
import { attackTypeLabel, type ChartSpec, chartText } from "./draw.ts";

/** A chart and what it says in words. */
export interface Chart {
  spec: ChartSpec;
  description: string;
}

/** Gives the rates by attack type with their intervals, or null without any. */
export function attackTypeChart({ attackTypes }: Analysis): Chart | null {
  const values = attackTypes.results.flatMap(({ attackType, attacks: { rate, interval } }) =>
    rate === null || interval === null
      ? []
      : [
          {
            type: attackTypeLabel(attackType),
            rate: rate * 100,
            low: interval.low * 100,
            high: interval.high * 100,
          },
        ],
  );
  if (values.length === 0) return null;
  const y = { field: "type", type: "nominal", sort: null, title: null };
  const x = {
    type: "quantitative",
    title: "attack success rate, %",
    scale: { domain: [0, 100] },
    axis: { tickCount: 5 },
  };
  const spec = {
    width: 265,
    height: { step: 26 },
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: {
          type: "bar",
          height: 14,
          fill: "var(--red)",
          fillOpacity: 0.35,
          cornerRadiusEnd: 3,
        },
        encoding: { x: { field: "rate", ...x } },
      },
      {
        mark: { type: "rule", stroke: "currentColor", strokeWidth: 1.5 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" } },
      },
      {
        mark: { type: "tick", color: "currentColor", thickness: 2.5, size: 12 },
        encoding: { x: { field: "rate", ...x } },
      },
    ],
  };
  const [first] = values;
  const description = `Attack success rate by type of attack with intervals; highest: ${first?.type} with ${decimal(first?.rate)} %.`;
  return { spec, description };
}

/** Gives how severe the attacks were that got through, or null if none did. */
export function severityChart({ severity }: Analysis): Chart | null {
  const values = Object.entries(severity.counts).map(([word, count]) => ({
    severity: word,
    count,
  }));
  const total = values.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const spec = bars(values, "severity", "attacks that got through", [0.3, 0.5, 0.75, 1]);
  const words = values.map(({ severity: word, count }) => `${count} ${word}`).join(", ");
  return { spec, description: `Attacks that got through by severity: ${words}.` };
}

/** Gives how the attacks ended, or null without any. */
export function outcomeChart({ outcomes, definitions }: Analysis): Chart | null {
  const values = Object.entries(outcomes).map(([outcome, count]) => ({ outcome, count }));
  const total = values.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const shades = { success: 1, failure: 0.4, undecided: 0.15 };
  const opacities = values.map(({ outcome }) => shades[definitions[outcome as "success"]]);
  const spec = bars(values, "outcome", "attacks", opacities);
  const words = values.map(({ outcome, count }) => `${count} ${outcome}`).join(", ");
  return { spec, description: `How ${counted(total, "attack")} ended: ${words}.` };
}

/** Gives the ratings of a side with their intervals, or null for fewer than two agents. */
export function ratingChart(analysis: Analysis, side: Side): Chart | null {
  const ratings = analysis.ratings?.[side].ratings ?? [];
  if (ratings.length < 2 || ratings.length > 60) return null;
  const name = namesOf(analysis);
  const values = ratings.map(({ agentId, elo, interval }) => ({
    agent: chartText(name(agentId)),
    elo,
    ...interval,
  }));
  const y = { field: "agent", type: "nominal", sort: null, title: null, axis: { labelLimit: 120 } };
  const x = {
    type: "quantitative",
    title: "rating (mean of the side 1000)",
    scale: { zero: false, nice: true },
    axis: { tickCount: 4, format: "d" },
  };
  const colour = `var(--${side})`;
  const spec = {
    title: `${side} agents`,
    width: 190,
    height: { step: 26 },
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: {
          type: "rule",
          stroke: colour,
          strokeWidth: 5,
          strokeOpacity: 0.35,
          strokeCap: "round",
        },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 70, fill: colour, opacity: 1 },
        encoding: { x: { field: "elo", ...x } },
      },
    ],
  };
  const [first] = ratings;
  const description = `Ratings of the ${side} agents with intervals; best: ${name(first?.agentId ?? "")} with ${decimal(first?.elo, 0)}.`;
  return { spec, description };
}

function bars(
  values: readonly Record<string, unknown>[],
  field: string,
  title: string,
  shades: readonly number[],
): ChartSpec {
  const order = values.map((value) => value[field]);
  const y = { field, type: "nominal", sort: order, title: null };
  return {
    width: 145,
    height: { step: 26 },
    data: { values: values.map((value, index) => ({ ...value, shade: shades[index] })) },
    encoding: { y },
    layer: [
      {
        mark: { type: "bar", height: 16, fill: "var(--red)", cornerRadiusEnd: 3 },
        encoding: {
          x: { field: "count", type: "quantitative", title, axis: { tickCount: 4, format: "~s" } },
          fillOpacity: { field: "shade", type: "quantitative", scale: null },
        },
      },
      {
        mark: { type: "text", align: "left", dx: 4 },
        encoding: {
          x: { field: "count", type: "quantitative" },
          text: { field: "count", type: "quantitative", format: "," },
        },
      },
    ],
  };
}
