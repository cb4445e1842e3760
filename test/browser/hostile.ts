import type { AnalyzeOptions } from "../../src/evaluation/analysis/analyze.ts";
import type { MatchEvent } from "../../src/evaluation/match-events.ts";
import type { EvaluationRow } from "../../src/evaluation/rows.ts";
import { lostRow, row } from "../unit/evaluation/support.ts";

/** Texts that break out of pages, styles, attributes and lines where they are not escaped. */
export const hostileTexts = [
  "<script>globalThis.owned = 1</script>",
  "</title></style></textarea></pre><script>globalThis.owned = 1</script>",
  "<img src=x onerror='globalThis.owned = 1'><svg/onload=globalThis.owned=1>",
  '"><iframe srcdoc="<script>parent.owned=1</script>"></iframe><a href="javascript:owned=1">x</a>',
  "' onmouseover='globalThis.owned=1' style='position:fixed;inset:0;background:red",
  "</dd><style>*{display:none}body{background:url(http://attacker.invalid/a.png)}</style>",
  "<link rel=stylesheet href=//attacker.invalid/x.css><meta http-equiv=refresh content=0;url=//attacker.invalid>",
  "<base href=http://attacker.invalid/><form action=/x><input autofocus onfocus=owned=1></form>",
  "]]><!--<!DOCTYPE html><html><body onload=owned=1>-->",
  "\u202Eevil\u202C \u2066isolate\u2069 zero\u200Bwidth \u0000 nul \u001B[31m esc \uD800 lone",
  "\u{E0041}\u{E0042} tags, \u0301\u0301\u0301\u0301 marks, عربي and עברית, 👩‍👩‍👧‍👦",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template's hole is what is tried here.
  "{{constructor.constructor('owned=1')()}} ${owned=1} <%= owned=1 %>",
  "W".repeat(1_000_000),
];

/** A batch in which every text that an attacker can choose is hostile. */
export function hostileBatch(): { rows: EvaluationRow[]; options: AnalyzeOptions } {
  const id = (prefix: string, index: number) => `${prefix}${index}-${hostileTexts[index]}`;
  const rows: EvaluationRow[] = [];
  const transcripts = new Map<string, MatchEvent[]>();
  for (let red = 0; red < hostileTexts.length; red += 1) {
    for (const blue of [0, 1, 2]) {
      const cell = [id("r", red), id("b", blue), id("t", red % 2)] as const;
      for (const repetition of [1, 2]) {
        const matchId = `${hostileTexts[(red + repetition) % 9]}-${red}-${blue}-${repetition}`;
        rows.push(row(cell, repetition, 0, 0, { matchId }));
        transcripts.set(matchId, hostileEvents(red + blue + repetition));
      }
      rows.push(lostRow(cell, 3, hostileTexts[red], hostileTexts[(red + 1) % hostileTexts.length]));
    }
  }
  const agents = hostileTexts.flatMap((name, index) => [
    {
      id: id("r", index),
      type: "red" as const,
      name,
      model: name,
      version: name,
      promptHash: name,
    },
    { id: id("b", index), type: "blue" as const, name },
    { id: id("t", index), type: "target" as const, name },
  ]);
  const notes = hostileTexts.slice(0, 3);
  return {
    rows,
    options: {
      agents,
      transcripts,
      provenance: { notes, kestraVersion: hostileTexts[0] as string },
    },
  };
}

function hostileEvents(start: number): MatchEvent[] {
  const text = (index: number) => hostileTexts[(start + index) % hostileTexts.length] as string;
  return [0, 1, 2, 3].flatMap((round): MatchEvent[] => [
    {
      id: `a${round}`,
      type: "attack",
      severity: (["critical", "high", "low"] as const)[round % 3] ?? "low",
      attackType: text(round),
      outcome: (start + round) % 3 === 0 ? "blocked" : "success",
      prompt: text(round),
      description: text(round + 1),
    },
    { id: `d${round}`, type: "defense", prompt: text(round + 2) },
    { id: `t${round}`, type: "target", prompt: text(round + 3) },
  ]);
}
