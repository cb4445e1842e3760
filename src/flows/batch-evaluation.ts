/**
 * How far a running batch is, cheaply: its matches are executions of `match-orchestration` that carry the label
 * `arena.batch` with the batch's execution id. One search with `filters[flowId][EQUALS]=match-orchestration`,
 * `filters[labels][EQUALS][arena.batch]=<id>`, `filters[state][IN]=<terminal states>` and `size=1` answers how many have
 * ended in its `total`; with `SUCCESS,WARNING` how many have a result. How many are to be played is on the batch's own
 * execution, in the label `arena.batch_size` (rows taken over from an earlier batch are not among them), from before the
 * first match on.
 */
import * as z from "zod";
import { lazy } from "../lazy.ts";
import { readBatchProgress } from "./batch-progress.ts";
import { type AgentCombination, agentCombination, type BatchRow } from "./batch-row.ts";
import { parseRowsFile, toRowsFile } from "./batch-rows-file.ts";
import { defineFlow } from "./define-flow.ts";
import { int, type MatchMode, matchMode, numberOrNull } from "./fields.ts";

/** A batch of matches: every combination, so many times. */
export interface BatchInput {
  /** Who plays whom, 1 to 10,000 combinations. */
  agentCombinations: readonly AgentCombination[];
  /** Matches of each combination, 1 to 1,000. @default 3 */
  matchesPerCombination?: number | undefined;
  /** Length and pace of each match; `continuous` needs `maxRounds`. @default "standard" */
  mode?: MatchMode | undefined;
  /** How many matches are played at a time, 1 to 100. Today's backend plays one. @default 5 */
  concurrency?: number | undefined;
  /** Stops each match after that many rounds. @default the mode's own */
  maxRounds?: number | undefined;
  /** Gives up on a match after that many seconds, 1 to 86,400. @default 3600 */
  maxWaitSeconds?: number | undefined;
  /**
   * Rows of an earlier batch. A row with a result is taken over as it is; only what is missing is played.
   *
   * @default none
   */
  existingRows?: readonly BatchRow[] | undefined;
}

/** What one combination's matches came to. */
export interface CombinationSummary extends AgentCombination {
  /** Matches asked for. */
  matches: number;
  /** Matches with a result. */
  completed: number;
  /** Matches that red won, by the backend's own scoring. */
  redWins: number;
  /** Matches that blue won. */
  blueWins: number;
  /** Matches that nobody won. */
  draws: number;
  /** Decided attacks over all matches with a result. */
  attacks: number;
  /** Attacks that got through. */
  successes: number;
  /** Percent (0–100) of the decided attacks that got through; `null` when none was decided. */
  attackSuccessRate: number | null;
  /** Mean severity (0–10) over the successful attacks; `null` when there was none. */
  averageSuccessSeverity: number | null;
}

/** What a batch came to. Every match that was asked for is a row, with a result or a reason. */
export interface BatchResult {
  /** Matches asked for: combinations × matches per combination. */
  totalMatches: number;
  /** Rows with a result. */
  completedMatches: number;
  /** A summary a combination, in the order asked for. */
  aggregatedResults: CombinationSummary[];
  /** One row a match, in the order asked for. */
  rows: BatchRow[];
  /** The rows as JSON lines in Kestra's storage (`kestra:///…`). */
  rowsFile: string;
}

/** Strict where the flow decides by it, open for the rest: rows may come from a journal of an older version. */
const existingRow = lazy(() =>
  z.custom<BatchRow>(
    (row) =>
      agentCombination().loose().safeParse(row).success &&
      Number.isInteger((row as BatchRow).repetition) &&
      typeof (row as BatchRow).state === "string",
    "must be a row of a batch: the three agent ids, repetition and state",
  ),
);

/** Compiled, since there may be ten thousand combinations: that takes as long as a loop by hand would. */
const input = lazy(() =>
  z.compile(
    z
      .strictObject({
        agentCombinations: z.array(agentCombination()).min(1).max(10_000).readonly(),
        matchesPerCombination: int(1, 1_000).optional(),
        mode: matchMode().optional(),
        concurrency: int(1, 100).optional(),
        maxRounds: int(1).optional(),
        maxWaitSeconds: int(1, 86_400).optional(),
        existingRows: z.array(existingRow()).readonly().optional(),
      })
      .refine(({ mode, maxRounds }) => mode !== "continuous" || maxRounds !== undefined, {
        path: ["maxRounds"],
        error: "a continuous match has no end of its own: give maxRounds",
      }),
  ),
);

const summary = lazy(() =>
  z
    .object({
      red_agent_id: z.string(),
      blue_agent_id: z.string(),
      target_agent_id: z.string(),
      matches: z.number(),
      completed: z.number(),
      red_wins: z.number(),
      blue_wins: z.number(),
      draws: z.number(),
      attacks: z.number(),
      successes: z.number(),
      attack_success_rate: numberOrNull(),
      average_success_severity: numberOrNull(),
    })
    .transform(
      (wire): CombinationSummary => ({
        redAgentId: wire.red_agent_id,
        blueAgentId: wire.blue_agent_id,
        targetAgentId: wire.target_agent_id,
        matches: wire.matches,
        completed: wire.completed,
        redWins: wire.red_wins,
        blueWins: wire.blue_wins,
        draws: wire.draws,
        attacks: wire.attacks,
        successes: wire.successes,
        attackSuccessRate: wire.attack_success_rate,
        averageSuccessSeverity: wire.average_success_severity,
      }),
    ),
);

const output = lazy(() =>
  z
    .object({
      total_matches: z.number().int(),
      completed_matches: z.number().int(),
      aggregated_results: z.array(summary()),
      rows_file: z.string().min(1),
    })
    .transform(
      (wire): BatchResult => ({
        totalMatches: wire.total_matches,
        completedMatches: wire.completed_matches,
        aggregatedResults: wire.aggregated_results,
        // Read from the file by `complete`: a thousand rows do not travel in an output.
        rows: [],
        rowsFile: wire.rows_file,
      }),
    ),
);

/** `batch-evaluation`: plays every combination so many times; each match is a row, with a result or a reason. */
export const batchEvaluation = defineFlow({
  id: "batch-evaluation",
  description:
    "Plays every combination so many times; each match is a row, with a result or a reason.",
  input,
  toInputs: (batch) => ({
    agent_combinations: batch.agentCombinations.map((combination) => ({
      red_agent_id: combination.redAgentId,
      blue_agent_id: combination.blueAgentId,
      target_agent_id: combination.targetAgentId,
    })),
    matches_per_combination: batch.matchesPerCombination,
    match_mode: batch.mode,
    concurrency: batch.concurrency,
    max_rounds: batch.maxRounds,
    max_wait_seconds: batch.maxWaitSeconds,
    existing_rows: batch.existingRows && toRowsFile(batch.existingRows),
  }),
  output,
  complete: async (result, { readText }) => {
    const parsed = parseRowsFile(await readText(result.rowsFile));
    return "issues" in parsed ? parsed : { result: { ...result, rows: parsed.result } };
  },
  progress: readBatchProgress,
});
