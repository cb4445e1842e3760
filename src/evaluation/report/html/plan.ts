import type { EvaluationPlan } from "../../plan.ts";
import { planSentences, planTable } from "../plan-text.ts";
import { renderCell } from "./cell.ts";
import { html } from "./html.ts";
import { renderTable } from "./table.ts";

/** Gives a plan as a fragment for a notebook's cell. */
export function renderPlanFragment(plan: EvaluationPlan): string {
  return renderCell(html`${planSentences(plan).map((sentence) => html`<p>${sentence}</p>`)}
${renderTable(planTable(plan))}`);
}
