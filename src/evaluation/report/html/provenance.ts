import type { Analysis } from "../../analysis/analysis.ts";
import { clip, level } from "../format.ts";
import type { Table } from "../text-table.ts";
import { html, type Markup } from "./html.ts";
import { renderTable } from "./table.ts";

/** Renders how to read the numbers, what was counted as what, and where it all comes from. */
export function renderProvenance(analysis: Analysis): Markup {
  const { confidence, definitions, ratings } = analysis;
  const ofKind = (verdict: string) =>
    Object.entries(definitions)
      .filter(([, counted]) => counted === verdict)
      .map(([outcome]) => outcome)
      .join(", ");
  return html`<dl class="facts">
<dt>Attack success rate</dt><dd>The share of decided attacks that got through. Got through: ${ofKind("success")}. Did not: ${ofKind("failure")}.${
    ofKind("undecided") !== "" && html` Not decided, so left out: ${ofKind("undecided")}.`
  }</dd>
<dt>Intervals</dt><dd>${level(confidence)}. Attacks of one match are alike, so the error comes from how much matches of one pairing differ (Wilson's interval on the effective number of attacks).</dd>
<dt>Ratings</dt><dd>${
    ratings?.basis === "winners" ? "By the winners of matches" : "By counts of attacks"
  }, red, blue and target in one model, so that an easy target does not make a strong attacker. 1000 is the mean of a side and 400 points are odds of ten to one. Never compare a red number with a blue one. Agents of one rank cannot be told apart (pairwise differences, corrected by Holm).</dd>
<dt>Severity</dt><dd>0–10, the mean over the attacks that got through.</dd>
${facts(analysis)}
</dl>
${analysis.agents.length > 0 && renderTable(agentTable(analysis))}`;
}

function facts({ provenance }: Analysis): Markup[] {
  const flows = provenance.flows?.map(({ id, revision, templateHash }) =>
    [
      id,
      revision !== undefined && `revision ${revision}`,
      templateHash && `template ${templateHash.slice(0, 12)}`,
    ]
      .filter(Boolean)
      .join(", "),
  );
  const known: [string, string | undefined][] = [
    ["Played", provenance.playedAt],
    ["Execution", provenance.executionId],
    ["Kestra", provenance.kestraVersion],
    ["Flows", flows?.join("; ")],
    ["SDK", provenance.sdkVersion],
    ["Notes", provenance.notes?.join("; ")],
  ];
  return known.flatMap(([title, text]) =>
    text === undefined || text === "" ? [] : [html`<dt>${title}</dt><dd>${clip(text, 1_000)}</dd>`],
  );
}

function agentTable({ agents }: Analysis): Table {
  const shown = agents.slice(0, 200);
  return {
    title: "Agents",
    columns: [
      { head: "Name" },
      { head: "Side" },
      { head: "Model" },
      { head: "Version" },
      { head: "Prompt (SHA-256)" },
      { head: "Id" },
    ],
    rows: shown.map(({ name, type, model, version, promptHash, id }) => [
      clip(name ?? "–", 60),
      type,
      clip(model ?? "–", 60),
      clip(version ?? "–", 40),
      promptHash?.slice(0, 12) ?? "–",
      clip(id, 60),
    ]),
    ...(agents.length > shown.length && { note: `The first ${shown.length} of ${agents.length}.` }),
  };
}
