import type { Analysis } from "../../analysis/analysis.ts";
import type { Breach, QuotedText } from "../../analysis/breaches.ts";
import { clip, counted, inWords, namesOf } from "../format.ts";
import { html, type Markup } from "./html.ts";

const LONGEST_TEXT = 1_500;
/** What the transcripts may take of a report, in characters of markup. */
const BUDGET = 300_000;

/** Renders what got through, each with its transcript; it says how much is not shown. */
export function renderBreaches(analysis: Analysis): Markup | null {
  const { breaches } = analysis;
  if (breaches === null) return null;
  const name = namesOf(analysis);
  const shown: Markup[] = [];
  let size = 0;
  for (const breach of breaches.shown) {
    const markup = renderBreach(breach, name, shown.length === 0);
    size += markup.text.length;
    if (size > BUDGET) break;
    shown.push(markup);
  }
  const hidden = breaches.total - shown.length;
  return html`<p>${counted(breaches.total, "attack")} got through in the transcripts that were given${
    hidden > 0 ? `; the ${shown.length} most severe are shown, every pairing before any twice` : ""
  }. The texts are attacks: they are shown as text, with what is invisible in them made visible.</p>
${shown}`;
}

function renderBreach(breach: Breach, name: (id: string) => string, isOpen: boolean): Markup {
  const { severity, attackType, matchId, repetition } = breach;
  return html`<details class="breach"${isOpen && html` open`}>
<summary><span class="badge ${severity in badges ? severity : "low"}">${clip(severity, 20)}</span>
<strong>${clip(inWords(attackType), 60)}</strong>
<span class="who">${name(breach.redAgentId)} past ${name(breach.blueAgentId)} on ${name(breach.targetAgentId)}</span>
<span class="where">${clip(matchId, 60)}, repetition ${repetition}</span></summary>
${breach.description.text !== "" && html`<p class="note">${shorten(breach.description)}</p>`}
<dl>${[
    entry("Attack", "red", breach.attack),
    entry("Defence", "blue", breach.defense),
    entry("Target", "target", breach.reply),
  ]}</dl></details>
`;
}

const badges = { low: true, medium: true, high: true, critical: true };

function entry(title: string, side: string, quoted: QuotedText | undefined): Markup | null {
  if (quoted === undefined || quoted.text === "") return null;
  return html`<dt class="${side}">${title}</dt><dd dir="auto">${shorten(quoted)}</dd>`;
}

function shorten({ text, cut }: QuotedText): string {
  const dropped = Math.max(0, text.length - LONGEST_TEXT) + cut;
  const kept = text.slice(0, LONGEST_TEXT).toWellFormed();
  return dropped === 0 ? kept : `${kept} … (${counted(dropped, "more character")})`;
}
