import { balanceLabels } from "../steps/balance.ts";
import { capSamples } from "../steps/cap.ts";
import type { Deduper } from "../steps/dedupe.ts";
import { type Pair, pairSamples } from "../steps/pair.ts";
import { type Side, splitSamples } from "../steps/split.ts";
import type { KeptSample } from "./kept-sample.ts";
import type { EventLedger } from "./ledger.ts";
import type { BuildSettings } from "./settings.ts";

/** Which samples make which row. */
export type PlannedRow = { sample: KeptSample } | Pair<KeptSample>;

/** The rows of each side, in the order of the source. */
export type RowPlan = Record<Side, PlannedRow[]>;

/** Decides, once all samples were seen, what becomes a row on which side; what does not is entered in the ledger. */
export function planRows(
  samples: readonly KeptSample[],
  deduper: Deduper,
  settings: BuildSettings,
  ledger: EventLedger,
): RowPlan {
  const credible = withoutBothLabels(samples, deduper, ledger);
  const sides = splitSamples(
    credible.map(({ matchId, number }) => ({ matchId, group: deduper.attackGroup(number) })),
    settings,
  );
  const onSide = (side: Side) => credible.filter((_, index) => sides[index] === side);
  for (const [index, { events }] of credible.entries()) {
    if (sides[index] === undefined) ledger.drop("split", "attack_on_other_side", events);
  }
  return {
    train: planSide(onSide("train"), deduper, settings, ledger),
    validation: planSide(onSide("validation"), deduper, settings, ledger),
  };
}

function withoutBothLabels(
  samples: readonly KeptSample[],
  deduper: Deduper,
  ledger: EventLedger,
): KeptSample[] {
  return samples.filter(({ number, events }) => {
    if (!deduper.hasBothLabels(number)) return true;
    ledger.drop("reject", "both_labels", events);
    return false;
  });
}

function planSide(
  samples: readonly KeptSample[],
  deduper: Deduper,
  settings: BuildSettings,
  ledger: EventLedger,
): PlannedRow[] {
  const overCap = capSamples(samples, settings);
  for (const [{ events }, reason] of overCap) ledger.drop("cap", reason, events);
  const capped = samples.filter((sample) => !overCap.has(sample));
  if (settings.kind === "sft") return capped.map((sample) => ({ sample }));
  if (settings.kind === "dpo") return planPairs(capped, deduper, settings, ledger);
  const overLabel = balanceLabels(capped, settings.maxLabelRatio);
  for (const { events } of overLabel) ledger.drop("balance", "label_balance", events);
  return capped.filter((sample) => !overLabel.has(sample)).map((sample) => ({ sample }));
}

function planPairs(
  samples: readonly KeptSample[],
  deduper: Deduper,
  settings: BuildSettings,
  ledger: EventLedger,
): PlannedRow[] {
  const pairable = samples.map((sample) => ({
    ...sample,
    group: deduper.attackGroup(sample.number),
    signature: deduper.attackSignature(sample.number),
  }));
  const pairs = pairSamples(pairable, settings.pairBy);
  const used = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen.number, rejected.number]));
  for (const { number, events } of samples) {
    if (!used.has(number)) ledger.drop("pair", "no_partner", events);
  }
  return pairs.toSorted((a, b) => a.rejected.number - b.rejected.number);
}
