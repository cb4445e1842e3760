import { Command, Option } from "commander";
import type { Analysis, StoredRun } from "../../evaluation/index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { arenaReader, readTranscripts, withAgents } from "../evaluation/arena.ts";
import { compareRuns } from "../evaluation/compare-runs.ts";
import { type CountingOptions, countingOf, withCounting } from "../evaluation/counting.ts";
import {
  checkReportFiles,
  describeFiles,
  type Reported,
  type ReportFileOptions,
  refuseRowFiles,
  renderHtmlReport,
  withReportFiles,
  writeReportFiles,
} from "../evaluation/report-files.ts";
import { readRun, readStored } from "../evaluation/stored.ts";
import { UsageError } from "../exit-codes.ts";
import { examples } from "../help.ts";

const formats = ["terminal", "markdown", "csv", "json", "html"] as const;

interface ReportCommandOptions extends CountingOptions, ReportFileOptions {
  format?: (typeof formats)[number];
  arena?: boolean;
  arenaUrl?: string;
  baseline?: string;
}

/** `kestra-arena report` */
export const reportCommand: CliCommand = (cli) => {
  const command = new Command("report")
    .description("show a run that was kept: tables here, or files; plays nothing")
    .argument(
      "<file>",
      "a journal (finished or not), rows as JSON or JSON lines, what evaluate --json printed, or an analysis; - reads standard input",
    )
    .addOption(
      new Option(
        "--format <format>",
        "what is printed; a sentence when files are written, else tables for a terminal",
      ).choices(formats),
    )
    .option("--arena", "ask the arena's backend for the agents' names and for what got through")
    .option("--arena-url <url>", "as --arena, of the backend at this address")
    .option("--baseline <file>", "compare with this earlier run");
  withCounting(command);
  return withReportFiles(command)
    .addHelpText(
      "after",
      examples(
        "kestra-arena report nightly.jsonl",
        "kestra-arena report nightly.jsonl --html report.html --arena",
        "kestra-arena report nightly.jsonl --count detected=success",
        "kestra-arena report rows.json --csv matches.csv --parquet matches.parquet",
        "kestra-arena report today.jsonl --baseline yesterday.jsonl --format markdown > comment.md",
      ),
    )
    .action((path: string, options: ReportCommandOptions) => reportFile(cli, path, options));
};

async function reportFile(cli: Cli, path: string, options: ReportCommandOptions): Promise<void> {
  await checkReportFiles(options);
  const stored = await readStored(cli, path);
  const reported =
    "run" in stored
      ? await analyzeRun(cli, stored.run, options)
      : onlyShown(path, stored.analysis, options);
  const files = await writeReportFiles(reported, options);
  const { format = files.length > 0 ? undefined : "terminal" } = options;
  const text =
    format === undefined ? await sentence(reported) : await printed(reported, format, options);
  cli.output.result(
    reported.analysis,
    [text.replace(/\n$/, ""), ...describeFiles(format === undefined ? files : [])].join("\n"),
  );
}

async function analyzeRun(
  cli: Cli,
  kept: StoredRun,
  options: ReportCommandOptions,
): Promise<Reported> {
  const { analyzeBatch } = await import("../../evaluation/index.ts");
  const baseline = options.baseline && (await readRun(cli, options.baseline));
  const asksArena = options.arena === true || options.arenaUrl !== undefined;
  const reader = arenaReader(cli, options.arenaUrl);
  const run = asksArena ? await withAgents(kept, reader) : kept;
  const transcripts = asksArena ? await readTranscripts(cli, run.rows, reader) : undefined;
  const counting = countingOf(options);
  return {
    rows: run.rows,
    analysis: analyzeBatch(run, { ...counting, ...(transcripts && { transcripts }) }),
    comparison: baseline ? await compareRuns(baseline, run, counting) : undefined,
  };
}

/** An analysis is shown as it is: what would change its numbers needs the rows. */
function onlyShown(path: string, analysis: Analysis, options: ReportCommandOptions): Reported {
  refuseRowFiles(options, path);
  const { count, confidence, baseline, arena, arenaUrl, format } = options;
  const asked = { count, confidence, baseline, arena, "arena-url": arenaUrl };
  const [option] = Object.entries(asked).find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined || format === "csv") {
    const what = option === undefined ? "--format csv" : `--${option}`;
    throw new UsageError(
      `${path} holds an analysis. For ${what} give the rows, or the journal, that it was of.`,
    );
  }
  return { analysis };
}

async function printed(
  reported: Reported,
  format: (typeof formats)[number],
  options: ReportFileOptions,
): Promise<string> {
  const library = await import("../../evaluation/index.ts");
  const { analysis, rows = [], comparison } = reported;
  switch (format) {
    case "markdown":
      return library.renderMarkdown(analysis, comparison);
    case "csv":
      return await library.renderCsv(rows);
    case "json":
      return library.renderJson(analysis);
    case "html":
      return await renderHtmlReport(reported, options);
    default:
      return [
        library.renderTerminal(analysis),
        ...(comparison ? [library.renderComparisonText(comparison)] : []),
      ].join("\n\n");
  }
}

async function sentence({ analysis }: Reported): Promise<string> {
  const { renderHeadline } = await import("../../evaluation/index.ts");
  return renderHeadline(analysis);
}
