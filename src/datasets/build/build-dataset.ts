import { DatasetError, InputError } from "../../errors.ts";
import type { BenignControl } from "../benign/control.ts";
import { fileNameOf } from "../files/format.ts";
import { trainingConfigName } from "../oumi/training-config.ts";
import type { DatasetRow, DatasetRows } from "../rows/row.ts";
import { rowProblems } from "../rows/validate-row.ts";
import { createScrubber, type Scrubber } from "../scrub/scrubber.ts";
import type { DatasetSource } from "../source/dataset-source.ts";
import { controlRows } from "../steps/benign.ts";
import type { Side } from "../steps/split.ts";
import type { DatasetKind } from "../types.ts";
import { collectSamples } from "./collect.ts";
import { DatasetFolder } from "./dataset-folder.ts";
import { describe } from "./describe.ts";
import { EventLedger } from "./ledger.ts";
import { type DatasetManifest, type ManifestFile, manifestName } from "./manifest.ts";
import type { BuildOptions } from "./options.ts";
import { planRows, type RowPlan } from "./plan.ts";
import { type BuildSettings, settle, trainingConfigOf } from "./settings.ts";
import { fileSpool, memorySpool, type Spool } from "./spool.ts";
import { Ticker } from "./ticker.ts";
import type { BuildTools } from "./tools.ts";
import { type WrittenSide, writeSide } from "./write-rows.ts";

/** A dataset that was built into a folder. */
export interface BuiltDataset {
  manifest: DatasetManifest;
  /** The files' paths, the manifest's last. */
  files: readonly string[];
}

/** A dataset in memory. */
export interface DatasetInMemory<Kind extends DatasetKind> {
  manifest: DatasetManifest;
  train: DatasetRows[Kind][];
  validation: DatasetRows[Kind][];
}

const sides: readonly Side[] = ["train", "validation"];

/**
 * Builds a dataset that trains what it should from what happened in matches: choose by outcome and by the agent that
 * is trained, reject, scrub, drop duplicates, split, cap and balance, add benign controls, check every row.
 *
 * With a `folder` the rows stream into files, which appear all together at the end with a manifest, or not at all;
 * memory holds some numbers an exchange and no text. Without one the rows are given back.
 *
 * @throws InputError for options that are wrong, before anything is read; {@link DatasetError} when no row is left;
 * the signal's reason when it is aborted; what the source throws.
 */
export async function buildDataset<Kind extends DatasetKind>(
  source: DatasetSource,
  options: BuildOptions<Kind> & { folder: string },
): Promise<BuiltDataset>;
export async function buildDataset<Kind extends DatasetKind>(
  source: DatasetSource,
  options: BuildOptions<Kind> & { folder?: undefined },
): Promise<DatasetInMemory<Kind>>;
export async function buildDataset<Kind extends DatasetKind>(
  source: DatasetSource,
  options: BuildOptions<Kind>,
): Promise<BuiltDataset | DatasetInMemory<Kind>>;
export async function buildDataset<Kind extends DatasetKind>(
  source: DatasetSource,
  options: BuildOptions<Kind>,
): Promise<BuiltDataset | DatasetInMemory<Kind>> {
  const settings = settle(options);
  settings.signal?.throwIfAborted();
  const scrubber = createScrubber(settings);
  const controls = await checkedControls(settings, scrubber);
  return settings.folder === undefined
    ? buildInMemory<Kind>(source, settings, scrubber, controls)
    : buildFiles(source, settings, settings.folder, scrubber, controls);
}

async function buildInMemory<Kind extends DatasetKind>(
  source: DatasetSource,
  settings: BuildSettings,
  scrubber: Scrubber,
  controls: readonly BenignControl[],
): Promise<DatasetInMemory<Kind>> {
  const rows: Record<Side, DatasetRow[]> = { train: [], validation: [] };
  const tools = toolsOf(settings, scrubber, memorySpool());
  const collected = await collectSamples(source, tools);
  const plan = planRows(collected.samples, collected.deduper, settings, tools.ledger);
  const written = await writeBoth(plan, controls, tools, async (side, row) => {
    rows[side].push(row);
  });
  const manifest = describe(tools, collected, written, []);
  tools.ticker.done();
  return { manifest, ...(rows as Record<Side, DatasetRows[Kind][]>) };
}

async function buildFiles(
  source: DatasetSource,
  settings: BuildSettings,
  folderPath: string,
  scrubber: Scrubber,
  controls: readonly BenignControl[],
): Promise<BuiltDataset> {
  const { name } = settings;
  const folder = new DatasetFolder(folderPath, settings);
  await folder.prepare(plannedNames(settings), settings.overwrite);
  const spool = await fileSpool(await folder.path(`.${name}.${crypto.randomUUID()}.part`));
  try {
    const tools = toolsOf(settings, scrubber, spool);
    const collected = await collectSamples(source, tools);
    const plan = planRows(collected.samples, collected.deduper, settings, tools.ledger);
    const written = await writeBoth(plan, controls, tools, (side, row) => folder.write(side, row));
    const files = await folder.finishRows();
    const manifest = describe(tools, collected, written, files);
    if (settings.trainingConfig !== undefined) {
      manifest.files = [...files, await addConfig(folder, settings, files)];
    }
    await folder.add(manifestName(name), `${JSON.stringify(manifest, undefined, 2)}\n`);
    settings.signal?.throwIfAborted();
    await folder.publish();
    tools.ticker.done();
    const names = [...manifest.files.map((file) => file.name), manifestName(name)];
    return { manifest, files: await Promise.all(names.map((file) => folder.path(file))) };
  } catch (error) {
    await folder.discard();
    throw error;
  } finally {
    await spool.dispose();
  }
}

async function writeBoth(
  plan: RowPlan,
  controls: readonly BenignControl[],
  tools: BuildTools,
  write: (side: Side, row: DatasetRow) => Promise<void>,
): Promise<Record<Side, WrittenSide>> {
  tools.ticker.report("write");
  const one = (side: Side) =>
    writeSide(side, plan[side], plan[side].length > 0 ? controls : [], tools, (row) =>
      write(side, row),
    );
  const written = { train: await one("train"), validation: await one("validation") };
  if (written.train.counts.rows > 0) return written;
  throw nothingLeft(tools);
}

function toolsOf(settings: BuildSettings, scrubber: Scrubber, spool: Spool): BuildTools {
  return { settings, scrubber, spool, ledger: new EventLedger(), ticker: new Ticker(settings) };
}

/** Every file that may be written, for the look whether one is there already. */
function plannedNames({ name, formats, trainingConfig }: BuildSettings): string[] {
  return [
    ...sides.flatMap((side) => formats.map((format) => fileNameOf(name, side, format))),
    ...(trainingConfig === undefined ? [] : [trainingConfigName(name)]),
    manifestName(name),
  ];
}

/** The caller's controls as rows have them: scrubbed, and fit for the kind. */
async function checkedControls(
  { controls, kind }: BuildSettings,
  scrubber: Scrubber,
): Promise<BenignControl[]> {
  const checked: BenignControl[] = [];
  for (const [index, control] of controls.entries()) {
    const texts = [control?.prompt, control?.answer, control?.refusal].map(textOrEmpty);
    const [prompt = "", answer = "", refusal = ""] = await scrubber.scrub(texts);
    const clean = { prompt, answer, refusal };
    const [problem] = controlRows(clean, kind).flatMap((row) => rowProblems(row, { kind }));
    if (problem !== undefined) {
      const path = ["benign", "controls", index];
      throw new InputError("Options of buildDataset", [{ path, message: problem }]);
    }
    checked.push(clean);
  }
  return checked;
}

/** Controls may come from a file: what is no text is refused as an empty one is. */
function textOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function addConfig(
  folder: DatasetFolder,
  settings: BuildSettings,
  files: readonly ManifestFile[],
): Promise<ManifestFile> {
  const fileOf = (side: Side) =>
    files.find((file) => file.side === side && file.format === "oumi-jsonl")?.name;
  const config = trainingConfigOf(settings, fileOf("train") ?? "", fileOf("validation"));
  const name = trainingConfigName(settings.name);
  return { name, format: "oumi-config", ...(await folder.add(name, config)) };
}

function nothingLeft({ ledger, settings }: BuildTools): DatasetError {
  const { read, dropped } = ledger.counts();
  const reasons = Object.entries(dropped).flatMap(([step, counts]) =>
    Object.entries(counts).map(([reason, count]) => `${step}/${reason} ${count}`),
  );
  return new DatasetError(
    `No row is left to train a ${settings.for} agent by ${settings.kind}. Of ${read} events: ${reasons.join(", ") || "none"}. ` +
      "Give more matches, or loosen what dropped the most.",
  );
}
