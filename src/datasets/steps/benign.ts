import type { BenignControl } from "../benign/control.ts";
import { type DatasetRow, dpoRow, ktoRow, sftRow } from "../rows/row.ts";
import { seededShare } from "../text.ts";
import type { DatasetKind } from "../types.ts";
import { type Side, type SplitOptions, sideOfMatch } from "./split.ts";

/** The controls of one side, as many as are wanted or as there are, in an order that the seed decides. */
export function pickControls(
  controls: readonly BenignControl[],
  side: Side,
  wanted: number,
  options: SplitOptions,
): BenignControl[] {
  return controls
    .filter(({ prompt }) => sideOfMatch(prompt, options) === side)
    .map((control) => ({ control, order: seededShare(options.seed, `order:${control.prompt}`) }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, wanted)
    .map(({ control }) => control);
}

/** How many controls make this many rows. */
export function controlsFor(rows: number, kind: DatasetKind): number {
  return kind === "kto" ? Math.ceil(rows / 2) : rows;
}

/** A control as rows: for KTO two, the helpful answer and the refusal, so that the labels stay balanced. */
export function controlRows(
  { prompt, answer, refusal }: BenignControl,
  kind: DatasetKind,
): DatasetRow[] {
  const metadata = { source: "benign_control" };
  const good = { prompt, answer, metadata };
  const bad = { prompt, answer: refusal, metadata };
  if (kind === "sft") return [sftRow(good)];
  if (kind === "dpo") return [dpoRow(good, bad)];
  return [ktoRow(good, true), ktoRow(bad, false)];
}
