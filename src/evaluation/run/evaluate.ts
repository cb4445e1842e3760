import type { Displayable } from "../../display.ts";
import { isArenaError } from "../../errors.ts";
import type { AgentInfo } from "../agents.ts";
import { cellKey, explicit } from "../combinations.ts";
import { changedAgents } from "../comparison/changed-agents.ts";
import { type EvaluationMatrix, plan } from "../plan.ts";
import type { BatchExecution, EvaluationClient } from "./client.ts";
import { type EvaluationBatch, showableBatch } from "./evaluation-batch.ts";
import { findBatch } from "./find-batch.ts";
import { followBatch, gatherMatches } from "./follow.ts";
import { planMatches } from "./identity.ts";
import {
  append,
  fileJournal,
  type Journal,
  type JournalBatch,
  type JournalState,
  memoryJournal,
  openJournal,
} from "./journal.ts";
import { readProvenance } from "./provenance.ts";
import { type EvaluationProgress, Recorder } from "./recorder.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /**
   * A file's path (JSON lines), or a store of one's own. Run again with the same one, an evaluation takes up
   * the batch that still runs and plays only what is missing.
   *
   * @default none: nothing is kept
   */
  journal?: string | Journal;
  /** Matches at a time. Today's backend plays one. @default 5 */
  concurrency?: number;
  /** Told when a match has ended. */
  onProgress?: (progress: EvaluationProgress) => void;
  /** Told when a batch was started in Kestra, or one of an earlier call is taken up. */
  onBatch?: (batch: EvaluationBatchReference) => void;
  /** Ends the call; see `onAbort`. */
  signal?: AbortSignal;
  /** What an abort does to the batch in Kestra: leave it running, to be taken up later, or kill it. @default "detach" */
  onAbort?: "detach" | "cancel";
  /**
   * The agents with their versions and prompt hashes, or how to read them (`fetchAgents`): read before and
   * after, so that an agent that was edited meanwhile is noticed, and its earlier matches are not reused.
   *
   * @default none: matches are known by the agents' ids alone
   */
  agents?: readonly AgentInfo[] | (() => Promise<readonly AgentInfo[]>);
  /** Gives up on a match after that many seconds. @default 3600 */
  maxWaitSeconds?: number;
  /** Between two looks at the matches, in ms. @default 2000 */
  tickMs?: number;
}

/** A batch in Kestra, as it is started or taken up. */
export interface EvaluationBatchReference {
  executionId: string;
  /** Its page in Kestra's UI. */
  url: string;
  /** Whether an earlier call started it. */
  isResumed: boolean;
}

/**
 * Plays a matrix by the `batch-evaluation` flow and gives a row for every match. Each match is noted in the
 * journal as it ends. After a crash of this process or of Kestra, the same call goes on: it waits for what is
 * still played, and plays only what is missing; no match is played twice.
 *
 * @throws InputError for a matrix or a journal that is none, before anything is played; what any request
 * throws; the signal's reason. Not for matches that fail: those are rows.
 */
export async function evaluate(
  arena: EvaluationClient,
  matrix: EvaluationMatrix,
  options: EvaluateOptions = {},
): Promise<EvaluationBatch & Displayable> {
  const { signal = new AbortController().signal, tickMs = 2_000, onProgress = () => {} } = options;
  plan(matrix, options.concurrency === undefined ? {} : { concurrency: options.concurrency });
  signal.throwIfAborted();
  const cells = { ...matrix, combinations: explicit(matrix.combinations) };
  const agents = await readAgents(options);
  const journal = toJournal(options.journal);
  const state = await openJournal(journal);
  await noteAsked(journal, state, { matrix: cells, agents });
  const recorder = new Recorder(journal, state, planMatches(cells, agents), onProgress);
  const reused = recorder.results.length;
  const run: Run = { arena, journal, state, recorder, signal, tickMs, options };
  for (const batch of state.batches.filter(({ hasEnded }) => !hasEnded)) await resume(run, batch);
  if (!recorder.isComplete) await playMissing(run, cells);
  const { editedAgents, notes } = await findEdited(options, agents);
  const provenance = { ...(await provenanceOf(run)), ...(notes && { notes }) };
  await append(journal, { kind: "provenance", provenance, editedAgents });
  return showableBatch({
    rows: recorder.rows("the batch ended before this match was played"),
    isComplete: recorder.isComplete,
    reused,
    editedAgents,
    matrix: cells,
    agents: [...agents],
    provenance,
  });
}

interface Run {
  arena: EvaluationClient;
  journal: Journal;
  state: JournalState;
  recorder: Recorder;
  signal: AbortSignal;
  tickMs: number;
  options: EvaluateOptions;
}

/** Notes what is to be played, unless the last call was for the same. */
async function noteAsked(
  journal: Journal,
  state: JournalState,
  asked: NonNullable<JournalState["asked"]>,
): Promise<void> {
  if (JSON.stringify(state.asked) === JSON.stringify(asked)) return;
  state.asked = asked;
  await append(journal, { kind: "matrix", ...asked });
}

/** Takes up a batch that this journal began and did not see the end of. */
async function resume(run: Run, batch: JournalBatch): Promise<void> {
  const { arena, journal, signal } = run;
  // The process may have ended between the start and the note of its id.
  const executionId = batch.executionId ?? (await findBatch(arena, batch.key, signal));
  if (executionId === undefined) return;
  if (batch.executionId === undefined) {
    batch.executionId = executionId;
    await append(journal, { kind: "execution", key: batch.key, executionId });
  }
  const execution = arena.executions.get("batch-evaluation", executionId);
  try {
    await execution.get({ signal });
  } catch (error) {
    if (!isArenaError(error, "not_found")) throw error;
    // Kestra has forgotten the batch, perhaps not its matches.
    await gatherMatches(arena, executionId, run.recorder, signal);
    await noteEnd(run, batch, "NOT_FOUND");
    return;
  }
  tellBatch(run, execution, true);
  await followToEnd(run, batch, execution);
}

/** Starts one batch of what has no result, and follows it. */
async function playMissing(run: Run, matrix: EvaluationMatrix): Promise<void> {
  const { arena, journal, state, recorder, signal, options } = run;
  const results = recorder.results;
  const missing = recorder.missingCells();
  const isMissing = (row: Parameters<typeof cellKey>[0]) => missing.has(cellKey(row));
  const batch = await nextBatch(journal, state);
  const existingRows = results.filter(isMissing);
  const { matchesPerCombination, mode, maxRounds } = matrix;
  const { concurrency, maxWaitSeconds } = options;
  const execution = await arena.evaluateBatch(
    {
      agentCombinations: matrix.combinations.filter(isMissing),
      matchesPerCombination,
      mode,
      maxRounds,
      concurrency,
      maxWaitSeconds,
      existingRows: existingRows.length > 0 ? existingRows : undefined,
    },
    { key: batch.key, signal },
  );
  batch.executionId = execution.id;
  await append(journal, { kind: "execution", key: batch.key, executionId: execution.id });
  tellBatch(run, execution, execution.started === "existing");
  await followToEnd(run, batch, execution);
}

function tellBatch({ options }: Run, { id, url }: BatchExecution, isResumed: boolean): void {
  options.onBatch?.({ executionId: id, url, isResumed });
}

/** A batch that was noted and never started is started under its own key: it may have been, after all. */
async function nextBatch(journal: Journal, state: JournalState): Promise<JournalBatch> {
  const open = state.batches.find(({ executionId }) => executionId === undefined);
  if (open) return open;
  const startedAt = new Date().toISOString();
  // Two processes with one journal give one key, and so share one batch.
  const key = `evaluation-${state.id}-${state.batches.length + 1}`;
  const batch: JournalBatch = { key, startedAt, hasEnded: false };
  state.batches.push(batch);
  await append(journal, { kind: "batch", key, startedAt });
  return batch;
}

async function followToEnd(
  run: Run,
  batch: JournalBatch,
  execution: BatchExecution,
): Promise<void> {
  const { arena, recorder, signal, tickMs, options } = run;
  try {
    const ended = await followBatch(arena, execution, recorder, { signal, tickMs });
    await noteEnd(run, batch, ended);
  } catch (error) {
    if (signal.aborted && options.onAbort === "cancel") await execution.cancel();
    throw error;
  }
}

async function noteEnd({ journal }: Run, batch: JournalBatch, state: string): Promise<void> {
  batch.hasEnded = true;
  if (batch.executionId === undefined) return;
  await append(journal, { kind: "ended", executionId: batch.executionId, state });
}

async function provenanceOf({ arena, state, signal }: Run) {
  const last = state.batches.findLast(({ executionId }) => executionId !== undefined);
  if (last?.executionId === undefined) return {};
  const execution = arena.executions.get("batch-evaluation", last.executionId);
  return readProvenance(arena, execution, last.startedAt, signal);
}

function toJournal(journal: EvaluateOptions["journal"]): Journal {
  if (journal === undefined) return memoryJournal();
  return typeof journal === "string" ? fileJournal(journal) : journal;
}

/** The matches are played: an arena that is gone by now takes nothing away but the certainty. */
async function findEdited(options: EvaluateOptions, agents: readonly AgentInfo[]) {
  try {
    return { editedAgents: changedAgents(agents, await readAgents(options), {}) };
  } catch (error) {
    if (!isArenaError(error)) throw error;
    const notes = [`Whether an agent was edited meanwhile is not known: ${error.message}`];
    return { editedAgents: [], notes };
  }
}

async function readAgents({ agents = [] }: EvaluateOptions): Promise<readonly AgentInfo[]> {
  return typeof agents === "function" ? await agents() : agents;
}
