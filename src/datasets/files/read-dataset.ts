import { DatasetError, InputError, type RowProblem } from "../../errors.ts";
import type { DatasetRow } from "../rows/row.ts";
import { type RowLayout, rowProblems } from "../rows/validate-row.ts";
import { fromWireRow, kindOfRow } from "../rows/wire-row.ts";
import { readLines } from "../source/lines.ts";
import type { DatasetKind } from "../types.ts";
import { type DatasetFormat, formatOfName, layoutOf } from "./format.ts";
import { readParquetValues } from "./parquet-reader.ts";

/** How a dataset's file is read. */
export interface ReadOptions {
  /** @default by the file's name */
  format?: DatasetFormat | undefined;
  /** @default by its first row */
  kind?: DatasetKind | undefined;
  /** The longest row, in UTF-16 code units of all its texts. @default no limit */
  maxCharacters?: number | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

/** A row of a file, or what is wrong with it. */
export type ReadRow =
  | { line: number; row: DatasetRow; kind: DatasetKind }
  | { line: number; reasons: readonly string[] };

/**
 * Reads a dataset's file row by row and checks each one. `line` is the line of JSON lines, and the number of the row
 * in JSON and Parquet.
 *
 * @throws InputError when the format cannot be told; DatasetError for a file that is not of its format at all.
 */
export async function* readDataset(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<ReadRow, void, undefined> {
  const format = options.format ?? formatOfName(path);
  if (format === undefined) {
    const message = "cannot be told by the file's name: say which of the formats it is";
    throw new InputError("Dataset to read", [{ path: ["format"], message }]);
  }
  let { kind } = options;
  for await (const entry of readValues(path, format)) {
    options.signal?.throwIfAborted();
    if ("problem" in entry) {
      yield { line: entry.line, reasons: [entry.problem] };
      continue;
    }
    kind ??= kindOfRow(entry.value);
    if (kind === undefined) {
      yield { line: entry.line, reasons: ["is no row of an SFT, DPO or KTO dataset"] };
      continue;
    }
    yield checked(entry, kind, layoutOf(format), options.maxCharacters);
  }
}

/**
 * All rows of a file.
 *
 * @throws DatasetError naming each bad row by line and reason; what {@link readDataset} throws.
 */
export async function loadDataset(path: string, options: ReadOptions = {}): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  const problems: RowProblem[] = [];
  for await (const read of readDataset(path, options)) {
    if ("row" in read) rows.push(read.row);
    else problems.push({ line: read.line, reason: read.reasons.join("; ") });
  }
  if (problems.length > 0) throw badRows(problems);
  return rows;
}

/** An error that names the first bad rows and says how many there are. */
export function badRows(problems: readonly RowProblem[]): DatasetError {
  const shown = problems.slice(0, 5).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = problems.length > 5 ? ` (and ${problems.length - 5} more)` : "";
  return new DatasetError(`The dataset has bad rows: ${shown.join("; ")}${more}.`, problems);
}

type Entry = { line: number; value: unknown } | { line: number; problem: string };

async function* readValues(
  path: string,
  format: DatasetFormat,
): AsyncGenerator<Entry, void, undefined> {
  if (format === "parquet") {
    let line = 0;
    for await (const value of readParquetValues(path)) {
      line += 1;
      yield { line, value };
    }
    return;
  }
  if (format === "json") {
    for (const [index, value] of (await readJsonList(path)).entries()) {
      yield { line: index + 1, value };
    }
    return;
  }
  const { createReadStream } = await import("node:fs");
  for await (const { number, text, problem } of readLines(createReadStream(path))) {
    yield text === undefined ? { line: number, problem: problem ?? "" } : parsedLine(number, text);
  }
}

function parsedLine(line: number, text: string): Entry {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    // The parser's own message repeats a part of the line.
    return { line, problem: "is no JSON" };
  }
}

async function readJsonList(path: string): Promise<unknown[]> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (Array.isArray(value)) return value;
  throw new DatasetError(`${path} is no JSON list of rows. For one row a line, say "oumi-jsonl".`);
}

function checked(
  { line, value }: { line: number; value: unknown },
  kind: DatasetKind,
  layout: RowLayout,
  maxCharacters: number | undefined,
): ReadRow {
  const reasons = rowProblems(value, { kind, layout, maxCharacters });
  return reasons.length > 0 ? { line, reasons } : { line, row: fromWireRow(value, kind), kind };
}
