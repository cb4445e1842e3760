import type { EvaluationPlan } from "../../plan.ts";
import { planSentences, planTable } from "../plan-text.ts";
import { html } from "./html.ts";
import { renderTable } from "./table.ts";

/** Gives a plan as a fragment for a notebook's cell. */
export function renderPlanFragment(plan: EvaluationPlan): string {
  return html`<section>
${planSentences(plan).map((sentence) => html`<p>${sentence}</p>`)}
${renderTable(planTable(plan))}
</section>`.text;
}
