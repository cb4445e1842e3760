import { Command, InvalidArgumentError, Option } from "commander";
import type {
  BuildOptions,
  BuildProgress,
  DatasetAgent,
  DatasetAgentInfo,
  DatasetFormat,
  DatasetKind,
  DatasetManifest,
  DatasetSource,
} from "../../datasets/index.ts";
import type { Cli } from "../cli.ts";
import { UsageError } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { collect } from "../option-parsers.ts";
import { plain, table } from "../output.ts";
import { readJson, readText } from "../read-files.ts";

/** For `--format`. */
export const formats: readonly DatasetFormat[] = ["oumi-jsonl", "openai-jsonl", "json", "parquet"];
/** For `--kind`. */
export const kinds: readonly DatasetKind[] = ["sft", "dpo", "kto"];

interface BuildCommandOptions {
  for: DatasetAgent;
  kind: DatasetKind;
  out: string;
  name?: string;
  format?: DatasetFormat[];
  overwrite?: boolean;
  execution?: string;
  agents?: string;
  systemPrompts?: boolean;
  secrets?: string;
  secretlint?: boolean;
  exclude?: string[];
  minSeverity?: number;
  validationShare?: number;
  seed?: number;
  model?: string;
}

/** `kestra-arena dataset build` */
export function datasetBuildCommand(cli: Cli): Command {
  return new Command("build")
    .description(
      "make a dataset out of transcripts, events or rows; every file appears at the end, or none",
    )
    .argument("[file...]", "JSON, JSON lines or Parquet")
    .addOption(
      new Option("--for <agent>", "who is trained")
        .choices(["red", "blue", "target"])
        .makeOptionMandatory(),
    )
    .addOption(new Option("--kind <kind>", "how").choices(kinds).makeOptionMandatory())
    .requiredOption("--out <folder>", "where the files go")
    .option("--name <name>", "what their names begin with; agent and kind without it")
    .addOption(
      new Option("--format <format>", "may be given many times; oumi-jsonl without it")
        .choices(formats)
        .argParser(collect),
    )
    .option("--overwrite", "replace files that are there already")
    .option("--execution <id>", "read the file that this run of dataset-generation made")
    .option("--agents <file>", "the agents, as GET /api/agents gives them: for their versions")
    .option("--system-prompts", "begin rows with the trained agent's prompt, out of --agents")
    .option("--secrets <file>", "texts that are known to be secret, one a line")
    .option("--secretlint", "look for secrets by secretlint's rules, too")
    .addOption(
      new Option(
        "--exclude <match>",
        "a match played for evaluation; may be given many times",
      ).argParser(collect),
    )
    .addOption(numberOption("--min-severity <n>", "leave out milder attacks, 0 to 10"))
    .addOption(numberOption("--validation-share <n>", "the part set aside, 0 to 1; 0.1 without it"))
    .addOption(numberOption("--seed <n>", "decides the split and what is kept; 1 without it"))
    .option("--model <model>", "write a training config for Oumi that begins with this model")
    .addHelpText(
      "after",
      examples(
        "kestra-arena dataset build transcripts/*.json --for blue --kind kto --out data",
        "kestra-arena dataset build --execution 4FvG… --for target --kind sft --out data --model org/model",
      ),
    )
    .action(async (files: string[], options: BuildCommandOptions) => {
      const { buildDataset } = await import("../../datasets/index.ts");
      const source = await sourceOf(cli, files, options);
      const { manifest, files: written } = await buildDataset(source, {
        ...(await buildOptionsOf(cli, options)),
        folder: options.out,
        onProgress: (progress) => showProgress(cli, progress),
        signal: cli.interrupted,
      });
      cli.output.result(
        { manifest, files: written },
        `${describe(manifest)}\n${written.join("\n")}`,
      );
    });
}

async function sourceOf(
  cli: Cli,
  files: readonly string[],
  { execution: executionId }: BuildCommandOptions,
): Promise<DatasetSource> {
  if ((executionId === undefined) === (files.length === 0)) {
    throw new UsageError("Give files, or --execution: one of the two.");
  }
  if (executionId === undefined) return { files };
  const client = await cli.client();
  const signal = cli.interrupted;
  const execution = client.executions.get("dataset-generation", executionId);
  const { datasetFile } = await execution.result({ signal });
  return { datasetFile, download: (uri) => execution.download(uri, { signal }) };
}

async function buildOptionsOf(cli: Cli, options: BuildCommandOptions): Promise<BuildOptions> {
  const { secretlintDetector } = await import("../../datasets/index.ts");
  const { agents, secrets, format, exclude, model } = options;
  return {
    for: options.for,
    kind: options.kind,
    name: options.name,
    formats: format,
    overwrite: options.overwrite,
    systemPrompts: options.systemPrompts,
    minSeverity: options.minSeverity,
    validationShare: options.validationShare,
    seed: options.seed,
    evaluationMatchIds: exclude,
    agents: agents === undefined ? undefined : await readAgents(cli, agents),
    knownSecrets: secrets === undefined ? undefined : await readLinesOf(cli, secrets),
    extraDetectors: options.secretlint === true ? [await secretlintDetector()] : undefined,
    trainingConfig: model === undefined ? undefined : { modelName: model },
  };
}

async function readAgents(cli: Cli, path: string): Promise<DatasetAgentInfo[]> {
  const agents = await readJson(cli, path);
  if (Array.isArray(agents)) return agents;
  throw new UsageError(`--agents: ${path} is no JSON list of agents.`);
}

async function readLinesOf(cli: Cli, path: string): Promise<string[]> {
  return (await readText(cli, path)).split(/\r?\n/).filter((line) => line.trim() !== "");
}

function showProgress(cli: Cli, { phase, events, samples, rows }: BuildProgress): void {
  if (phase === "done") return;
  cli.output.progress(
    phase === "read" ? `${events} events read, ${samples} kept` : `${rows} rows written`,
  );
}

function describe({ events, rows, scrubbed, matches }: DatasetManifest): string {
  const dropped = Object.entries(events.dropped).flatMap(([step, reasons]) =>
    Object.entries(reasons).map(([reason, count]) => [`  ${step}`, plain(reason), String(count)]),
  );
  const replaced = Object.entries(scrubbed.counts).map(([type, { found }]) => `${found} ${type}`);
  return [
    `${rows.train.rows} rows to train on (${rows.train.benign} benign controls), of ${matches.train.length} matches`,
    `${rows.validation.rows} rows to validate with (${rows.validation.benign} benign controls), of ${matches.validation.length} matches`,
    `Replaced: ${replaced.join(", ") || "nothing"}`,
    `${events.kept} of ${events.read} events are in these rows; left out were`,
    table(dropped),
  ].join("\n");
}

function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new InvalidArgumentError("Give a number.");
  });
}
