import type { RowProblem } from "../../errors.ts";
import { minHash } from "../near/min-hash.ts";
import { NearIndex } from "../near/near-index.ts";
import type { DatasetRow } from "../rows/row.ts";
import { textsOf } from "../rows/texts.ts";
import { detectSync } from "../scrub/detect.ts";
import { normaliseText } from "../text.ts";
import type { DatasetAgent, DatasetKind } from "../types.ts";
import { type DatasetFormat, formatOfName } from "./format.ts";
import { type ReadOptions, readDataset } from "./read-dataset.ts";

/** What is checked besides the rows' shape. */
export interface CheckOptions extends ReadOptions {
  /** Another file, the training part for one: rows that are (nearly) in it too are bad. @default none */
  against?: string | undefined;
  /** Whom the rows train: all rows of a red agent have the same few prompts. @default as their metadata say */
  for?: DatasetAgent | undefined;
  /** Whether texts that look like secrets or personal data make a row bad. @default true */
  secrets?: boolean | undefined;
  /** How many bad rows are listed; all are counted. @default 100 */
  maxProblems?: number | undefined;
}

/** What a check came to. */
export interface DatasetCheck {
  /** The kind of the rows; nothing when there was none to tell by. */
  kind: DatasetKind | undefined;
  /** All rows, good and bad. */
  rows: number;
  /** The bad ones. */
  badRows: number;
  /** The first of the bad ones, by line and reason. */
  problems: RowProblem[];
  /** What is odd about the whole file, such as labels of one kind only. */
  remarks: string[];
}

/**
 * Reads a dataset's file to its end and says what is wrong with it: rows that no trainer should see, secrets that are
 * left, rows that appear twice or that are in the other part of the split too.
 *
 * @throws what {@link readDataset} throws.
 */
export async function checkDataset(
  path: string,
  options: CheckOptions = {},
): Promise<DatasetCheck> {
  const format = options.format ?? formatOfName(path);
  const others =
    options.against === undefined ? undefined : await indexOf(options.against, options);
  const own = new NearIndex();
  const check: DatasetCheck = {
    kind: options.kind,
    rows: 0,
    badRows: 0,
    problems: [],
    remarks: [],
  };
  const labels = { good: 0, bad: 0 };
  let repeated = 0;

  for await (const read of readDataset(path, options)) {
    check.rows += 1;
    const reasons = "row" in read ? [] : [...read.reasons];
    if ("row" in read) {
      check.kind ??= read.kind;
      if ("label" in read.row) labels[read.row.label ? "good" : "bad"] += 1;
      if (options.secrets !== false) reasons.push(...leftSecrets(read.row));
      const signature = signatureOf(read.row, options.for);
      const [twin] = others?.near(signature) ?? [];
      if (twin !== undefined) reasons.push(`is (nearly) row ${twin + 1} of the other file`);
      if (!own.near(signature, 1).next().done) repeated += 1;
      own.add(signature);
    }
    if (reasons.length === 0) continue;
    check.badRows += 1;
    if (check.problems.length < (options.maxProblems ?? 100)) {
      check.problems.push({ line: read.line, reason: reasons.join("; ") });
    }
  }
  check.remarks.push(...remarksOn(check, labels, repeated, format));
  return check;
}

function remarksOn(
  { rows, kind }: DatasetCheck,
  labels: { good: number; bad: number },
  repeated: number,
  format: DatasetFormat | undefined,
): string[] {
  const remarks: string[] = [];
  if (rows === 0) remarks.push("There is no row.");
  if (repeated > 0) remarks.push(`Rows that repeat one before them: ${repeated}.`);
  if (kind === "kto" && (labels.good === 0) !== (labels.bad === 0)) {
    remarks.push("All labels are the same: KTO needs good and bad answers.");
  }
  if (format === "openai-jsonl" && rows < 10) remarks.push("OpenAI asks for at least 10 rows.");
  return remarks;
}

/** Where something is left that the package's own rules take for a secret; never what. */
function leftSecrets(row: DatasetRow): string[] {
  return textsOf(row).flatMap(({ path, text, part }) => {
    if (part === "metadata") return [];
    const types = new Set(detectSync(text).map(({ type }) => type));
    return [...types].map((type) => `${path}: still has what looks like ${type}`);
  });
}

async function indexOf(path: string, options: CheckOptions): Promise<NearIndex> {
  const index = new NearIndex();
  for await (const read of readDataset(path, { signal: options.signal })) {
    if ("row" in read) index.add(signatureOf(read.row, options.for));
  }
  return index;
}

function signatureOf(row: DatasetRow, agent: DatasetAgent | undefined): Uint32Array {
  const isRed = (agent ?? row.metadata?.train_for) === "red";
  const label = "label" in row ? String(row.label) : "";
  const texts = textsOf(row).filter(
    ({ part, path }) => part === "message" && !(isRed && isPrompt(path, row)),
  );
  const plain = texts.map(({ text, path }) => normaliseText(withoutSystem(path, text)));
  return minHash(`${label} ${plain.join("\n")}`);
}

/** A KTO prompt may begin with a system prompt, which all rows of an agent share. What is asked stands at its end. */
function withoutSystem(path: string, text: string): string {
  return path === "prompt" ? text.slice(text.lastIndexOf("\n\n") + 1) : text;
}

function isPrompt(path: string, row: DatasetRow): boolean {
  if (!("messages" in row)) return path.startsWith("prompt");
  return path !== `messages[${row.messages.length - 1}].content`;
}
