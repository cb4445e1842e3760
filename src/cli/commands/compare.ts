import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CompareOptions, GateResult, StoredRun } from "../../evaluation/index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { arenaReader, withAgents } from "../evaluation/arena.ts";
import { agentsOf, compareRuns } from "../evaluation/compare-runs.ts";
import { type CountingOptions, countingOf, withCounting } from "../evaluation/counting.ts";
import { checkFolder, describeFiles, type WrittenFile } from "../evaluation/report-files.ts";
import { readRun } from "../evaluation/stored.ts";
import { UsageError } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { collectPairs } from "../option-parsers.ts";
import { plain } from "../output.ts";

interface CompareCommandOptions extends CountingOptions {
  gate?: boolean;
  margin?: number;
  worse?: "higher" | "lower";
  standsFor?: Record<string, string>;
  seeded?: boolean;
  arena?: boolean;
  arenaUrl?: string;
  junit?: string;
  html?: string;
  markdown?: string;
}

const defaultMargin = 0.05;

/** `kestra-arena compare` */
export const compareCommand: CliCommand = (cli) => {
  const command = new Command("compare")
    .description("say how a run differs from an earlier one, paired by red, blue and target")
    .argument("<baseline>", "the earlier run: a journal, rows, or what evaluate --json printed")
    .argument("<candidate>", "the later run")
    .option("--gate", "answer pass, fail or inconclusive, by the exit code, too")
    .addOption(
      new Option(
        "--margin <points>",
        "how much worse is tolerated: 0.05 or 5pp, which it is without it",
      ).argParser(parseMargin),
    )
    .addOption(
      new Option(
        "--worse <direction>",
        "which attack success rate is worse: higher for defenders and targets, lower for attackers",
      ).choices(["higher", "lower"]),
    )
    .addOption(
      new Option(
        "--stands-for <new=old>",
        "an agent of the later run that stands for one of the earlier; may be given many times",
      ).argParser(collectPairs),
    )
    .option("--seeded", "both runs played the same seeded matches")
    .option("--arena", "ask the arena's backend for the agents' names")
    .option("--arena-url <url>", "as --arena, of the backend at this address")
    .option("--junit <file>", "write the gate's answer as JUnit XML")
    .option("--html <file>", "write the later run's report with the comparison as HTML")
    .option("--markdown <file>", "write it as Markdown");
  return withCounting(command)
    .addHelpText(
      "after",
      `${examples(
        "kestra-arena compare yesterday.jsonl today.jsonl",
        "kestra-arena compare main.jsonl branch.jsonl --gate --margin 5pp --junit gate.xml",
        "kestra-arena compare before.json after.json --stands-for <tuned id>=<original id> --html report.html",
      )}

Exit codes of --gate:
  0    pass: it is worse by no more than the margin, beyond doubt
  1    fail: it is worse by more than the margin, beyond doubt
  2    inconclusive: the runs cannot tell; about how many more matches would is said.
       A wrong command ends with 2 as well, with nothing on standard output: no answer is no pass`,
    )
    .action((baseline: string, candidate: string, options: CompareCommandOptions) =>
      compareFiles(cli, baseline, candidate, options),
    );
};

async function compareFiles(
  cli: Cli,
  baselinePath: string,
  candidatePath: string,
  options: CompareCommandOptions,
): Promise<void> {
  await check(options);
  const { renderComparisonText } = await import("../../evaluation/index.ts");
  const [baseline, candidate] = await readBoth(cli, baselinePath, candidatePath, options);
  const { standsFor, seeded } = options;
  const compareOptions: CompareOptions = {
    ...countingOf(options),
    ...(standsFor !== undefined && { standsFor }),
    ...(seeded === true && { isSeeded: true }),
  };
  const gated = options.gate
    ? await judge(baseline, candidate, compareOptions, options)
    : undefined;
  const comparison = gated?.comparison ?? (await compareRuns(baseline, candidate, compareOptions));
  const files = await writeFiles(candidate, comparison, gated, compareOptions, options);
  if (gated) cli.exitCode = gated.exitCode;
  const texts = [
    renderComparisonText(comparison),
    ...(gated ? [describeGate(cli, gated)] : []),
    ...(files.length > 0 ? [describeFiles(files).join("\n")] : []),
  ];
  cli.output.result(gated ?? comparison, texts.join("\n\n"));
}

async function check({ gate, margin, worse, ...files }: CompareCommandOptions): Promise<void> {
  const ofGate = { margin, worse, junit: files.junit };
  const [alone] = Object.entries(ofGate).find(([, value]) => value !== undefined) ?? [];
  if (gate !== true && alone !== undefined) {
    throw new UsageError(`--${alone} is of the gate: give --gate, too.`);
  }
  for (const path of [files.junit, files.html, files.markdown]) {
    if (path !== undefined) await checkFolder(path);
  }
}

async function readBoth(
  cli: Cli,
  baselinePath: string,
  candidatePath: string,
  { arena, arenaUrl }: CompareCommandOptions,
): Promise<[StoredRun, StoredRun]> {
  const runs = [await readRun(cli, baselinePath), await readRun(cli, candidatePath)] as const;
  if (arena !== true && arenaUrl === undefined) return [...runs];
  const reader = arenaReader(cli, arenaUrl);
  return [await withAgents(runs[0], reader), await withAgents(runs[1], reader)];
}

async function judge(
  baseline: StoredRun,
  candidate: StoredRun,
  options: CompareOptions,
  { margin = defaultMargin, worse = "higher" }: CompareCommandOptions,
): Promise<GateResult> {
  const { gate } = await import("../../evaluation/index.ts");
  const all = { ...agentsOf(baseline, candidate), ...options, worse };
  return gate(baseline.rows, candidate.rows, margin, all);
}

async function writeFiles(
  candidate: StoredRun,
  comparison: GateResult["comparison"],
  gated: GateResult | undefined,
  { definitions, confidence }: CompareOptions,
  { junit, html, markdown }: CompareCommandOptions,
): Promise<WrittenFile[]> {
  const library = await import("../../evaluation/index.ts");
  const files: WrittenFile[] = [];
  const write = async (kind: string, path: string, text: string) => {
    await writeFile(path, text);
    files.push({ kind, path });
  };
  const analysis = library.analyzeBatch(candidate, {
    ...(definitions && { definitions }),
    ...(confidence !== undefined && { confidence }),
  });
  if (html !== undefined) {
    await write("html", html, await library.renderHtml(analysis, { comparison }));
  }
  if (markdown !== undefined) {
    await write("markdown", markdown, library.renderMarkdown(analysis, comparison));
  }
  if (junit !== undefined && gated) await write("junit", junit, await library.renderJUnit(gated));
  return files;
}

function describeGate(cli: Cli, { answer, reasons }: GateResult): string {
  const colour = { pass: "green", fail: "red", inconclusive: "yellow" } as const;
  return `Gate: ${cli.output.style(["bold", colour[answer]], answer)}. ${plain(reasons.join(" "))}`;
}

function parseMargin(text: string): number {
  const [, number = "", unit] = /^(\d*\.?\d+)\s*(pp|%)?$/.exec(text) ?? [];
  const margin = unit === undefined ? Number(number) : Number(number) / 100;
  if (number !== "" && margin >= 0 && margin < 1) return margin;
  throw new InvalidArgumentError("Give a fraction such as 0.05, or points such as 5pp.");
}
