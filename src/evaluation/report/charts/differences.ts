import type { Comparison } from "../../comparison/comparison.ts";
import type { Interval } from "../../statistics/interval.ts";
import { pointsRange } from "../format.ts";
import type { Chart } from "./breakdowns.ts";
import { attackTypeLabel } from "./draw.ts";

/** Gives the differences between two runs with their intervals, overall and by attack type; null without any. */
export function differenceChart({ difference, attackTypes }: Comparison): Chart | null {
  const all = [
    { what: "all attacks", ...difference, isDifferent: excludesZero(difference.interval) },
    ...attackTypes.map((type) => ({
      what: attackTypeLabel(type.attackType),
      ...type.difference,
      // After Holm, as the table says: of many types one looks different by chance.
      isDifferent: type.isDifferent,
    })),
  ];
  const values = all.flatMap(({ what, mean, interval, isDifferent }) =>
    mean === null || interval === null
      ? []
      : [
          {
            what,
            mean: mean * 100,
            low: interval.low * 100,
            high: interval.high * 100,
            isDifferent,
          },
        ],
  );
  if (values.length === 0) return null;
  const y = { field: "what", type: "nominal", sort: null, title: null };
  const x = {
    type: "quantitative",
    title: "change of the attack success rate, percentage points (right: more gets through)",
    axis: { tickCount: 6 },
  };
  const colour = {
    condition: [
      { test: "datum.isDifferent && datum.mean > 0", value: "var(--red)" },
      { test: "datum.isDifferent && datum.mean < 0", value: "var(--blue)" },
    ],
    value: "currentColor",
  };
  const spec = {
    width: 460,
    height: { step: 26 },
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: { type: "rule", stroke: "currentColor", strokeDash: [3, 3] },
        encoding: { y: null, x: { datum: 0, type: "quantitative" } },
      },
      {
        mark: { type: "rule", strokeWidth: 5, strokeOpacity: 0.4, strokeCap: "round" },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, stroke: colour },
      },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: { x: { field: "mean", ...x }, fill: colour },
      },
    ],
  };
  const description = `Change of the attack success rate with intervals, overall ${pointsRange(difference.interval)}; the table below has the numbers.`;
  return { spec, description };
}

function excludesZero(interval: Interval | null): boolean {
  return interval !== null && (interval.low > 0 || interval.high < 0);
}
