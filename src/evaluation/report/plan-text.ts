import type { EvaluationPlan, ExpectedPrecision } from "../plan.ts";
import { counted, duration } from "./format.ts";
import { renderTextTable, type Table } from "./text-table.ts";

/** Gives a plan as text for a terminal. */
export function renderPlan(plan: EvaluationPlan): string {
  return `${planSentences(plan).join("\n")}\n\n${renderTextTable(planTable(plan))}`;
}

/** Gives what is to be played and how long that takes, a sentence each. */
export function planSentences(plan: EvaluationPlan): string[] {
  const { combinations, matches, mode, roundsPerMatch, concurrency } = plan;
  const each = matches / combinations;
  return [
    `${counted(matches, "match", "matches")}: ${counted(combinations, "combination")}, ${each} each, ` +
      `${counted(roundsPerMatch, "round")} a match (${mode}).`,
    `About ${duration(plan.wallSeconds)} at ${concurrency} at a time; ` +
      `${duration(plan.oneAtATimeSeconds)} where the arena plays one match at a time.`,
  ];
}

/** Gives what the batch will be able to tell, by what is asked of it. */
export function planTable({ precision, expectedSuccessRate }: EvaluationPlan): Table {
  const row = (name: string, { matches, attacks, ...expected }: ExpectedPrecision) => [
    name,
    String(matches),
    attacks.toLocaleString("en"),
    expected.halfWidth === null ? "cannot be told" : `± ${spread(expected.halfWidth)}`,
    expected.detectableDifference === null ? "none" : spread(expected.detectableDifference),
  ];
  return {
    title: `What it can tell, where ${Math.round(expectedSuccessRate * 100)} % of the attacks get through`,
    columns: [
      { head: "Of" },
      { head: "Matches", align: "right" },
      { head: "Attacks", align: "right" },
      { head: "Rate to", align: "right" },
      { head: "Difference seen from", align: "right" },
    ],
    rows: [
      row("all together", precision.overall),
      row("a red agent", precision.red),
      row("a blue agent", precision.blue),
      row("a target", precision.target),
      row("a pairing", precision.combination),
    ],
    note: "95 % intervals; a difference of that size shows four times out of five.",
  };
}

function spread(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} pp`;
}
