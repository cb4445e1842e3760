import { Command, Option } from "commander";
import type {
  Analysis,
  Comparison,
  EvaluationBatch,
  EvaluationMatrix,
} from "../../evaluation/index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { arenaReader, readTranscripts } from "../evaluation/arena.ts";
import { compareRuns } from "../evaluation/compare-runs.ts";
import { type CountingOptions, countingOf, withCounting } from "../evaluation/counting.ts";
import { type MatrixOptions, readMatrix, withMatrix } from "../evaluation/matrix.ts";
import { type PlayOptions, playMatrix } from "../evaluation/play-matrix.ts";
import {
  checkFolder,
  checkReportFiles,
  describeFiles,
  type ReportFileOptions,
  withReportFiles,
  writeReportFiles,
} from "../evaluation/report-files.ts";
import { readRun } from "../evaluation/stored.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { parseCount, parseDuration } from "../option-parsers.ts";
import { plain } from "../output.ts";

interface EvaluateCommandOptions
  extends MatrixOptions,
    PlayOptions,
    CountingOptions,
    ReportFileOptions {
  dryRun?: boolean;
  arena: boolean;
  arenaUrl?: string;
  baseline?: string;
}

/** `kestra-arena evaluate` */
export const evaluateCommand: CliCommand = (cli) => {
  const command = new Command("evaluate").description(
    "play agents against each other, and say who is better and how sure that is; ends with 1 when matches have no result",
  );
  withMatrix(command)
    .addOption(
      new Option("-c, --concurrency <n>", "matches at a time; 5 without it").argParser(parseCount),
    )
    .option(
      "-j, --journal <file>",
      "note each match as it ends; the same command again takes up the batch and plays what is missing",
    )
    .addOption(
      new Option("--max-wait <time>", "give up on a match after it; 1h without it").argParser(
        parseDuration,
      ),
    )
    .option("--dry-run", "say what would be played and what it could tell, and play nothing")
    .option("--kill-on-interrupt", "kill the batch at Ctrl-C instead of leaving it running")
    .option("--no-arena", "do not ask the arena's backend: agents by id alone, no transcripts")
    .option("--arena-url <url>", "the arena's backend; ARENA_API_URL without it");
  withCounting(command);
  return withReportFiles(command)
    .option("--baseline <file>", "compare with this earlier run in the report")
    .addHelpText(
      "after",
      examples(
        "kestra-arena evaluate --dry-run",
        "kestra-arena evaluate --mode quick --journal nightly.jsonl --html report.html",
        "kestra-arena evaluate --blue Bastion --blue Moat --matches 10 --design latin",
        "kestra-arena evaluate --matrix batch.json --concurrency 1 --json > run.json",
        "kestra-arena evaluate --journal today.jsonl --baseline yesterday.jsonl --html report.html",
        "",
        "After a crash or Ctrl-C, the same command with the same --journal goes on; no match is played twice.",
      ),
    )
    .action((options: EvaluateCommandOptions) => evaluateMatrix(cli, options));
};

async function evaluateMatrix(cli: Cli, options: EvaluateCommandOptions): Promise<void> {
  const library = await import("../../evaluation/index.ts");
  const { concurrency, journal } = options;
  // All that can be wrong is found before the first match, not after the last.
  await checkReportFiles(options);
  if (journal !== undefined) await checkFolder(journal);
  const baseline = options.baseline && (await readRun(cli, options.baseline));
  const reader = arenaReader(cli, options.arenaUrl);
  const agents = options.arena ? await library.fetchAgents(reader) : undefined;
  const matrix = await readMatrix(cli, options, agents);
  const plan = library.plan(matrix, concurrency === undefined ? {} : { concurrency });
  const planText = library.renderPlan(plan);
  if (options.dryRun === true) {
    cli.output.result({ plan, matrix }, `${planText}\n\nNothing was played.`);
    return;
  }
  cli.output.note(`${planText}\n`);
  const batch = await playMatrix(cli, matrix, options, async () =>
    options.arena ? ofMatrix(await library.fetchAgents(reader), matrix) : [],
  );
  if (!batch.isComplete) cli.exitCode = exitCodes.no;
  cli.leftRunning = undefined;
  const transcripts = options.arena ? await readTranscripts(cli, batch.rows, reader) : undefined;
  const counting = countingOf(options);
  const analysis = library.analyzeBatch(batch, {
    ...counting,
    ...(transcripts && { transcripts }),
  });
  const comparison = baseline ? await compareRuns(baseline, batch, counting) : undefined;
  const files = await writeReportFiles({ analysis, rows: batch.rows, comparison }, options);
  const texts = [
    library.renderTerminal(analysis),
    ...(comparison ? [library.renderComparisonText(comparison)] : []),
    [...describeBatch(batch, analysis), ...describeFiles(files)].join("\n"),
  ];
  cli.output.result(jsonOf(batch, analysis, { plan, comparison, files }), texts.join("\n\n"));
}

/** The agents that the matrix names: an edit of any other one is nobody's business. */
function ofMatrix<Agent extends { id: string }>(
  agents: readonly Agent[],
  { combinations }: EvaluationMatrix,
): Agent[] {
  const ids = new Set(combinations.flatMap((combination) => Object.values(combination)));
  return agents.filter(({ id }) => ids.has(id));
}

/** What `report` and `compare` read again, and the numbers. */
function jsonOf(
  batch: EvaluationBatch,
  analysis: Analysis,
  more: { plan: object; comparison: Comparison | undefined; files: object },
) {
  return { ...batch, ...more, analysis };
}

function describeBatch(
  { rows, isComplete, reused, editedAgents }: EvaluationBatch,
  { overall }: Analysis,
): string[] {
  return [
    `${overall.matches} of ${rows.length} matches have a result${reused > 0 ? `, ${reused} of them from before` : ""}.`,
    ...(isComplete ? [] : ["The same command with the same --journal plays what is missing."]),
    ...editedAgents.map(
      ({ name, agentId, what }) =>
        `The ${what} of ${plain(name ?? agentId)} was edited meanwhile: the rows mix two agents.`,
    ),
  ];
}
