import { cellKey } from "../combinations.ts";
import { type EvaluationRow, hasResult, matchKey } from "../rows.ts";
import { groupBy } from "../statistics/group-by.ts";
import { type PlannedMatch, plannedRows } from "./identity.ts";
import { append, type Journal, type JournalState } from "./journal.ts";
import type { EndedMatch } from "./match-rows.ts";

/** How far an evaluation is, told each time that a match has ended. */
export interface EvaluationProgress {
  /** Matches with a result, those of earlier runs among them. */
  done: number;
  /** Matches that ended without a result, in this run or an earlier one, and are not played again yet. */
  failed: number;
  total: number;
  /** The match that has just ended; absent at the first call, which tells what the journal held. */
  row?: EvaluationRow;
}

/** Keeps the rows of an evaluation's matches and notes each in the journal as it comes. */
export class Recorder {
  readonly #journal: Journal;
  readonly #rows: Map<string, EvaluationRow>;
  readonly #planned: readonly PlannedMatch[];
  readonly #byCell: ReadonlyMap<string, readonly PlannedMatch[]>;
  readonly #onProgress: (progress: EvaluationProgress) => void;
  /** Executions whose match is noted. */
  readonly executions = new Set<string>();

  constructor(
    journal: Journal,
    state: JournalState,
    planned: readonly PlannedMatch[],
    onProgress: (progress: EvaluationProgress) => void,
  ) {
    this.#journal = journal;
    this.#rows = state.rows;
    this.#planned = planned;
    this.#onProgress = onProgress;
    this.#byCell = groupBy(planned, cellKey);
    for (const { executionId } of state.rows.values()) {
      if (executionId !== undefined) this.executions.add(executionId);
    }
    this.#tell();
  }

  /** The rows of the planned matches that have a result, in the plan's order. */
  get results(): EvaluationRow[] {
    return this.#planned.flatMap((match) => {
      const row = this.#rows.get(match.identity);
      // A row that was noted under another repetition of its cell is this one's now.
      return row && hasResult(row) ? [{ ...row, repetition: match.repetition }] : [];
    });
  }

  /** The rows of all planned matches in the plan's order; one that was never played says so. */
  rows(reason: string): EvaluationRow[] {
    return plannedRows(this.#planned, this.#rows, reason);
  }

  /** The cells that some match of has no result. */
  missingCells(): Set<string> {
    return new Set(this.#planned.filter((match) => this.#isOpen(match)).map(cellKey));
  }

  /** True when every planned match has a result. */
  get isComplete(): boolean {
    return this.results.length === this.#planned.length;
  }

  /**
   * Notes a match that ended while its batch runs. Which repetition it is, only the batch knows: the matches of
   * a cell are alike, so it is taken for one that has no row yet, else for one without a result.
   */
  async noteMatch(match: EndedMatch): Promise<void> {
    if (this.executions.has(match.executionId)) return;
    this.executions.add(match.executionId);
    const cell = this.#byCell.get(cellKey(match)) ?? [];
    const row = (open: PlannedMatch) => ({ ...match, repetition: open.repetition });
    const unknown = cell.find(({ identity }) => !this.#rows.has(identity));
    const open =
      unknown ?? cell.find((planned) => this.#isOpen(planned) && hasResult(row(planned)));
    if (open) await this.#note(open, row(open));
  }

  /** Notes the rows that a batch gave at its end, which know their repetitions. */
  async noteBatch(rows: readonly EvaluationRow[]): Promise<void> {
    const byKey = new Map(rows.map((row) => [matchKey(row), row]));
    const executions = new Set(rows.map(({ executionId }) => executionId));
    for (const match of this.#planned) {
      const row = byKey.get(matchKey(match));
      if (row === undefined) continue;
      if (row.executionId !== undefined) this.executions.add(row.executionId);
      const known = this.#rows.get(match.identity);
      const isSame = known?.executionId === row.executionId && known?.state === row.state;
      // A result that the batch does not tell of is worth more than a match that it lost.
      const isBetter =
        known && hasResult(known) && !hasResult(row) && !executions.has(known.executionId);
      if (!isSame && !isBetter) await this.#note(match, row);
    }
  }

  #isOpen({ identity }: PlannedMatch): boolean {
    const row = this.#rows.get(identity);
    return row === undefined || !hasResult(row);
  }

  async #note(match: PlannedMatch, row: EvaluationRow): Promise<void> {
    this.#rows.set(match.identity, row);
    await append(this.#journal, { kind: "row", identity: match.identity, row });
    this.#tell(row);
  }

  #tell(row?: EvaluationRow): void {
    const rows = this.#planned.flatMap(({ identity }) => this.#rows.get(identity) ?? []);
    const done = rows.filter(hasResult).length;
    const total = this.#planned.length;
    this.#onProgress({ done, failed: rows.length - done, total, ...(row && { row }) });
  }
}
