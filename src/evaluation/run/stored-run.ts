import { InputError, type InputIssue } from "../../errors.ts";
import { parseRowsFile } from "../../flows/batch-rows-file.ts";
import type { AgentInfo } from "../agents.ts";
import type { Provenance } from "../analysis/analysis.ts";
import type { ChangedAgent } from "../comparison/comparison.ts";
import type { EvaluationMatrix } from "../plan.ts";
import type { EvaluationRow } from "../rows.ts";
import { planMatches, plannedRows } from "./identity.ts";
import { readJournal } from "./journal.ts";

/** What was kept of a run. */
export interface StoredRun {
  rows: EvaluationRow[];
  /** The agents as they were; none where only rows were kept. */
  agents: AgentInfo[];
  /** What was to be played; absent where only rows were kept. */
  matrix?: EvaluationMatrix;
  provenance: Provenance;
  editedAgents: ChangedAgent[];
}

/**
 * Reads what was kept of a run: a journal of `evaluate`, finished or not, a batch as JSON, a list of rows as JSON or as
 * JSON lines, or the `rows_file` of the `batch-evaluation` flow. Feed it to `analyzeBatch`, or its rows to `compare`.
 *
 * @throws InputError when the text is none of them, or a row is not one.
 */
export function parseRun(text: string): StoredRun {
  if (isJournal(text)) return fromJournal(text);
  const value = parseJson(text);
  if (value !== undefined) return fromJson(value);
  return onlyRows(rowsOf(parseLines(text)));
}

/** An unfinished journal is as good: what has no row yet is missing, and says so. */
function fromJournal(text: string): StoredRun {
  const { rows, asked, ended } = readJournal(text);
  if (asked === undefined) return onlyRows([...rows.values()]);
  const { matrix, agents } = asked;
  return {
    rows: plannedRows(
      planMatches(matrix, agents),
      rows,
      "the journal has no row of this match yet",
    ),
    agents: [...agents],
    matrix,
    provenance: ended?.provenance ?? {},
    editedAgents: [...(ended?.editedAgents ?? [])],
  };
}

function fromJson(value: unknown): StoredRun {
  if (Array.isArray(value)) return onlyRows(rowsOf(value));
  const batch = (value ?? {}) as Partial<StoredRun> & { result?: { rows?: unknown } };
  const rows: unknown = batch.rows ?? batch.result?.rows;
  // One line of JSON lines is an object, too.
  if (!Array.isArray(rows)) return onlyRows(rowsOf([value]));
  return {
    rows: rowsOf(rows),
    agents: batch.agents ?? [],
    ...(batch.matrix && { matrix: batch.matrix }),
    provenance: batch.provenance ?? {},
    editedAgents: batch.editedAgents ?? [],
  };
}

function onlyRows(rows: EvaluationRow[]): StoredRun {
  return { rows, agents: [], provenance: {}, editedAgents: [] };
}

function rowsOf(values: readonly unknown[]): EvaluationRow[] {
  if (values.length === 0) throw wrong([{ path: [], message: "has no row" }]);
  const [first] = values;
  if (typeof first === "object" && first !== null && "red_agent_id" in first) {
    const lines = values.map((value) => JSON.stringify(value)).join("\n");
    const parsed = parseRowsFile(lines);
    if ("issues" in parsed) throw wrong(parsed.issues.slice(0, MOST_ISSUES));
    return parsed.result;
  }
  const issues = values.flatMap((value, index) =>
    isRow(value) ? [] : [{ path: [index], message: NO_ROW }],
  );
  if (issues.length > 0) throw wrong(issues.slice(0, MOST_ISSUES));
  return values as EvaluationRow[];
}

const MOST_ISSUES = 5;
const NO_ROW =
  "is no row of a batch: it needs redAgentId, blueAgentId, targetAgentId, repetition and state, and metrics where there is a result";

function isRow(value: unknown): boolean {
  const row = (value ?? {}) as Partial<Record<keyof EvaluationRow, unknown>>;
  const { redAgentId, blueAgentId, targetAgentId, state, repetition, metrics } = row;
  return (
    [redAgentId, blueAgentId, targetAgentId, state].every((text) => typeof text === "string") &&
    Number.isInteger(repetition) &&
    (metrics === undefined ||
      typeof (metrics as EvaluationRow["metrics"])?.attackOutcomes === "object")
  );
}

function isJournal(text: string): boolean {
  const [line = ""] = text.split("\n", 1);
  const first = parseJson(line) as { kind?: unknown } | null | undefined;
  return first?.kind === "journal";
}

function parseLines(text: string): unknown[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const values = lines.map(parseJson);
  const broken = values.indexOf(undefined);
  if (broken < 0) return values;
  const message =
    "is no JSON: give a journal, rows as JSON or JSON lines, or a batch that evaluate gave";
  throw wrong([{ path: [broken], message }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(issues: readonly InputIssue[]): InputError {
  return new InputError("The run", issues);
}
