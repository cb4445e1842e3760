import { describeIssue } from "../../errors/input-errors.ts";
import { isArenaError } from "../../errors.ts";
import type { Analysis, StoredRun } from "../../evaluation/index.ts";
import type { Cli } from "../cli.ts";
import { UsageError } from "../exit-codes.ts";
import { readText } from "../read-files.ts";

/** A run as it was kept, or an analysis of one. */
export type Stored = { run: StoredRun } | { analysis: Analysis };

/** Reads a file with a run or an analysis; `-` is standard input. @throws UsageError */
export async function readStored(cli: Cli, path: string): Promise<Stored> {
  const { parseAnalysis, parseRun } = await import("../../evaluation/index.ts");
  const text = await readText(cli, path);
  return explained(path, () =>
    isAnalysis(text) ? { analysis: parseAnalysis(text) } : { run: parseRun(text) },
  );
}

/** Reads a file with a run. @throws UsageError */
export async function readRun(cli: Cli, path: string): Promise<StoredRun> {
  const stored = await readStored(cli, path);
  if ("run" in stored) return stored.run;
  throw new UsageError(`${path} holds an analysis. Give the rows, or the journal, that it was of.`);
}

function isAnalysis(text: string): boolean {
  if (!text.trimStart().startsWith("{")) return false;
  try {
    return "overall" in (JSON.parse(text) as object);
  } catch {
    return false;
  }
}

function explained<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!isArenaError(error, "input")) throw error;
    throw new UsageError(`${path}: ${error.issues.map(describeIssue).join("; ")}.`);
  }
}
