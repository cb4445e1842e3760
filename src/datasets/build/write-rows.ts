import type { BenignControl } from "../benign/control.ts";
import { type DatasetRow, dpoRow, ktoRow, type RowSample, sftRow } from "../rows/row.ts";
import { textsOf } from "../rows/texts.ts";
import { rowProblems } from "../rows/validate-row.ts";
import { controlRows, controlsFor, pickControls } from "../steps/benign.ts";
import type { Side } from "../steps/split.ts";
import type { SideCounts } from "./manifest.ts";
import type { PlannedRow } from "./plan.ts";
import type { BuildTools } from "./tools.ts";

/** What the second pass wrote on one side. */
export interface WrittenSide {
  counts: SideCounts;
  matchIds: Set<string>;
}

/** The second pass: makes the rows of one side, checks each one, adds the benign controls, and hands them on. */
export async function writeSide(
  side: Side,
  plan: readonly PlannedRow[],
  controls: readonly BenignControl[],
  tools: BuildTools,
  write: (row: DatasetRow) => Promise<void>,
): Promise<WrittenSide> {
  const { settings, ledger, ticker } = tools;
  const { kind } = settings;
  const matchIds = new Set<string>();
  const counts: SideCounts = { rows: 0, benign: 0, benignWanted: 0 };
  if (kind === "kto") counts.labels = { good: 0, bad: 0 };
  if (kind === "dpo") counts.pairs = { attack: 0, "attack-type": 0 };

  async function emit(row: DatasetRow): Promise<void> {
    await ticker.tick("write");
    await write(row);
    counts.rows += 1;
    ticker.rows += 1;
    if ("label" in row && counts.labels) counts.labels[row.label ? "good" : "bad"] += 1;
  }

  for (const planned of plan) {
    const samples = "sample" in planned ? [planned.sample] : [planned.chosen, planned.rejected];
    const events = samples.reduce((sum, sample) => sum + sample.events, 0);
    const row = await makeRow(planned, tools);
    const reason = await whyNot(row, tools);
    if (reason !== undefined) {
      ledger.drop("validate", reason, events);
      continue;
    }
    await emit(row);
    ledger.keep(events);
    for (const { matchId } of samples) matchIds.add(matchId);
    if ("by" in planned && counts.pairs) counts.pairs[planned.by] += 1;
  }

  counts.benignWanted = Math.ceil(counts.rows * settings.benignShare);
  const wanted = controlsFor(counts.benignWanted, kind);
  for (const control of pickControls(controls, side, wanted, settings)) {
    for (const row of controlRows(control, kind)) {
      await emit(row);
      counts.benign += 1;
    }
  }
  return { counts, matchIds };
}

async function makeRow(planned: PlannedRow, { settings, spool }: BuildTools): Promise<DatasetRow> {
  if ("chosen" in planned) {
    const chosen = await spool.read(planned.chosen.number);
    return dpoRow(chosen, await spool.read(planned.rejected.number));
  }
  const sample: RowSample = await spool.read(planned.sample.number);
  return settings.kind === "kto" ? ktoRow(sample, planned.sample.isGood) : sftRow(sample);
}

/** Every row is checked once more as a reader would, and for secrets: nothing that came so far is believed. */
async function whyNot(
  row: DatasetRow,
  { settings, scrubber }: BuildTools,
): Promise<string | undefined> {
  const { kind, maxCharacters } = settings;
  if (rowProblems(row, { kind }).length > 0) return "bad_row";
  if (kind === "dpo" && longestConversation(row) > maxCharacters) return "too_long";
  for (const { text, part } of textsOf(row)) {
    // Ids are no texts: a UUID may look like a number of anything.
    if (part !== "metadata" && (await scrubber.hasFindings(text))) return "secret_left";
  }
  return undefined;
}

/** A prompt with the longer of its two answers. */
function longestConversation(row: DatasetRow): number {
  const texts = textsOf(row);
  const lengthOf = (name: string) =>
    texts
      .filter(({ path }) => path.startsWith(`${name}[`))
      .reduce((sum, { text }) => sum + text.length, 0);
  return lengthOf("prompt") + Math.max(lengthOf("chosen"), lengthOf("rejected"));
}
