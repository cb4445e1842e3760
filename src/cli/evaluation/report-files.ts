import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Analysis, Comparison, EvaluationRow } from "../../evaluation/index.ts";
import { UsageError } from "../exit-codes.ts";
import { plain } from "../output.ts";

/** The options of the commands that write reports: a path each. */
export interface ReportFileOptions {
  html?: string;
  markdown?: string;
  csv?: string;
  parquet?: string;
  rows?: string;
  analysis?: string;
  title?: string;
  charts?: boolean;
}

/** What reports are made of. */
export interface Reported {
  analysis: Analysis;
  /** Absent where there is only an analysis. */
  rows?: readonly EvaluationRow[];
  comparison?: Comparison | undefined;
}

/** A file that was written. */
export interface WrittenFile {
  kind: string;
  path: string;
}

/** Adds them to a command. */
export function withReportFiles(command: Command): Command {
  return command
    .option("--html <file>", "write the report as one HTML file that needs nothing else")
    .option("--markdown <file>", "write it as Markdown, for a pull request")
    .option("--csv <file>", "write a line a match")
    .option("--parquet <file>", "write a row a match as Parquet")
    .option("--rows <file>", "write the rows as JSON, for report and compare")
    .option("--analysis <file>", "write all numbers as JSON")
    .option("--title <title>", "stands on top of the HTML file")
    .option("--no-charts", "draw no charts into the HTML file");
}

type Writer = (reported: Reported, options: ReportFileOptions) => Promise<string | Uint8Array>;

const writers: Record<"html" | "markdown" | "csv" | "parquet" | "rows" | "analysis", Writer> = {
  html: renderHtmlReport,
  markdown: async ({ analysis, comparison }) =>
    (await library()).renderMarkdown(analysis, comparison),
  csv: async ({ rows = [] }) => (await library()).renderCsv(rows),
  parquet: async ({ rows = [] }) => (await library()).renderParquet(rows),
  rows: async ({ rows }) => `${JSON.stringify(rows, undefined, 2)}\n`,
  analysis: async ({ analysis }) => (await library()).renderJson(analysis),
};

const kinds = Object.keys(writers) as (keyof typeof writers)[];
const ofRows = ["csv", "parquet", "rows"] as const;

/**
 * Finds out before anything long is done whether the files can be written: their folders, and the packages that they
 * need.
 *
 * @throws UsageError, ConfigError
 */
export async function checkReportFiles(options: ReportFileOptions): Promise<void> {
  for (const path of kinds.flatMap((kind) => options[kind] ?? [])) await checkFolder(path);
  if (options.csv !== undefined) await writers.csv({ rows: [] } as unknown as Reported, {});
  if (options.parquet !== undefined) await writers.parquet({ rows: [] } as unknown as Reported, {});
}

/** @throws UsageError where a file cannot be made in the folder of this path. */
export async function checkFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new UsageError(
      `Nothing can be written to ${path}: there is no folder ${folder} to write to.`,
    );
  }
}

/** @throws UsageError where files of rows are asked for and there is only an analysis. */
export function refuseRowFiles(options: ReportFileOptions, path: string): void {
  const asked = ofRows.find((kind) => options[kind] !== undefined);
  if (asked === undefined) return;
  throw new UsageError(`${path} holds an analysis, which has no rows for --${asked}.`);
}

/** Writes the files that were asked for. */
export async function writeReportFiles(
  reported: Reported,
  options: ReportFileOptions,
): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const kind of kinds) {
    const path = options[kind];
    if (path === undefined) continue;
    await writeFile(path, await writers[kind](reported, options));
    written.push({ kind, path });
  }
  return written;
}

/** The HTML report, as the options say. */
export async function renderHtmlReport(
  { analysis, comparison }: Reported,
  { title, charts }: ReportFileOptions,
): Promise<string> {
  return (await library()).renderHtml(analysis, {
    ...(title !== undefined && { title }),
    ...(comparison && { comparison }),
    ...(charts === false && { charts }),
  });
}

const names: Readonly<Record<string, string>> = {
  html: "The report",
  markdown: "The report as Markdown",
  csv: "The matches as CSV",
  parquet: "The matches as Parquet",
  rows: "The rows",
  analysis: "The numbers",
  junit: "The answer as JUnit",
};

/** The files that were written, a line each. */
export function describeFiles(files: readonly WrittenFile[]): string[] {
  return files.map(({ kind, path }) => `${names[kind] ?? kind}: ${plain(path)}`);
}

function library() {
  return import("../../evaluation/index.ts");
}
