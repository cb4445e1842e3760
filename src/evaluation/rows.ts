import type { BatchRow } from "../flows/batch-row.ts";
import { cellKey } from "./combinations.ts";
import type { EvaluationMatrix } from "./plan.ts";

/** One match of a batch: a result, or the reason why there is none. The rows that `batch-evaluation` gives. */
export type EvaluationRow = BatchRow;

/** A row whose match came to a result: attacks that were counted, or at least a winner. */
export type PlayedRow = EvaluationRow;

/** A match that was to be played and has no result. */
export interface MissingMatch {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  repetition: number;
  /** The execution's or the match's last state; `NEVER_PLAYED` when no row tells of the match. */
  state: string;
  reason: string;
  matchId?: string;
  executionId?: string;
}

/** Rows by what can be said of them. */
export interface SortedRows {
  played: PlayedRow[];
  missing: MissingMatch[];
  /** Second rows of a match that has one already; the first with a result counts. */
  duplicates: number;
}

const goodStates: ReadonlySet<string> = new Set(["SUCCESS", "WARNING"]);

/** True when the row's match ended and was counted: a cancelled match has no result, whatever its state. */
export function hasResult({ state, matchStatus, metrics, winner }: EvaluationRow): boolean {
  if (!goodStates.has(state) || matchStatus === "cancelled") return false;
  return metrics !== undefined || winner !== undefined;
}

/** Sorts rows into results and missing matches, each match once; with a matrix, what no row tells of is missing. */
export function sortRows(rows: readonly EvaluationRow[], expected?: EvaluationMatrix): SortedRows {
  const byMatch = new Map<string, EvaluationRow>();
  for (const row of rows) {
    const key = matchKey(row);
    const known = byMatch.get(key);
    if (known === undefined || (!hasResult(known) && hasResult(row))) byMatch.set(key, row);
  }
  const unique = [...byMatch.values()];
  const neverPlayed = expectedMatches(expected).filter((match) => !byMatch.has(matchKey(match)));
  return {
    played: unique.filter(hasResult),
    missing: [
      ...unique.filter((row) => !hasResult(row)).map(toMissing),
      ...neverPlayed.map((match) => ({
        ...match,
        state: "NEVER_PLAYED",
        reason: "no row tells of this match",
      })),
    ],
    duplicates: rows.length - unique.length,
  };
}

/** Gives one string a match: its cell and repetition. */
export function matchKey(row: Omit<MissingMatch, "state" | "reason">): string {
  return `${cellKey(row)}#${row.repetition}`;
}

function toMissing(row: EvaluationRow): MissingMatch {
  const state = row.matchStatus === "cancelled" ? "cancelled" : row.state;
  return {
    redAgentId: row.redAgentId,
    blueAgentId: row.blueAgentId,
    targetAgentId: row.targetAgentId,
    repetition: row.repetition,
    state,
    reason: row.reason ?? `ended as ${state} without a result`,
    ...(row.matchId !== undefined && { matchId: row.matchId }),
    ...(row.executionId !== undefined && { executionId: row.executionId }),
  };
}

function expectedMatches(matrix: EvaluationMatrix | undefined) {
  const count = matrix?.matchesPerCombination ?? 3;
  return (matrix?.combinations ?? []).flatMap((combination) =>
    Array.from({ length: count }, (_, index) => ({ ...combination, repetition: index + 1 })),
  );
}
