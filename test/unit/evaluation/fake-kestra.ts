import { ArenaError, ExecutionKilledError, NotFoundError } from "../../../src/errors.ts";
import { cellKey } from "../../../src/evaluation/combinations.ts";
import type { EvaluationRow } from "../../../src/evaluation/rows.ts";
import type {
  BatchExecution,
  EvaluationClient,
  ListedExecution,
} from "../../../src/evaluation/run/client.ts";
import type { BatchInput, BatchResult } from "../../../src/flows/batch-evaluation.ts";
import { metricsOf } from "./support.ts";

interface FakeMatch {
  id: string;
  batchId: string;
  cell: Pick<EvaluationRow, "redAgentId" | "blueAgentId" | "targetAgentId">;
  repetition: number;
  /** `TO_COME`: its lane has not started it, so Kestra does not know it. */
  state: "TO_COME" | "CREATED" | "RUNNING" | "SUCCESS" | "FAILED" | "KILLED";
}

interface Crash {
  forgets: boolean;
  matchesGoOn: boolean;
  lanesGoOn?: boolean;
}

interface FakeBatch {
  id: string;
  key: string | undefined;
  input: BatchInput;
  state: "RUNNING" | "SUCCESS" | "KILLED";
}

/**
 * Batches and matches of a Kestra that outlives the processes that use it. Time goes on only when somebody lists
 * the matches: each look ends the next one, so that no test waits.
 */
export class FakeKestra {
  readonly batches: FakeBatch[] = [];
  readonly matches: FakeMatch[] = [];
  /** Matches that come to nothing, by how often yet. */
  readonly failures = new Map<string, number>();
  /** Forgotten executions answer as if they had never been. */
  readonly forgotten = new Set<string>();
  /** False: a start does not see the one before it, as when two processes race. */
  seesKeys = true;
  /** How many matches each look ends. */
  endsPerLook = 1;
  /** Lets start requests do their work and lose their answer, so often yet. */
  lostAnswers = 0;

  /** What evaluate sees of it, in one process. */
  client(): EvaluationClient {
    return {
      evaluateBatch: async (input: BatchInput, options: { key?: string } = {}) => {
        const known = this.batches.find(
          ({ key, state }) =>
            this.seesKeys && key !== undefined && key === options.key && state !== "KILLED",
        );
        const batch = known ?? this.#start(input, options.key);
        if (this.lostAnswers > 0) {
          this.lostAnswers -= 1;
          throw new ArenaError("connection", "the answer was lost");
        }
        return this.#batchHandle(batch.id);
      },
      executions: {
        get: (flow: string | { id: string }, id: string) => {
          if (typeof flow !== "string") return this.#laneHandle(id);
          return flow === "batch-evaluation" ? this.#batchHandle(id) : this.#matchHandle(id);
        },
        list: (filter: Parameters<EvaluationClient["executions"]["list"]>[0]) =>
          this.#list(filter ?? {}),
      },
      kestra: {
        server: async () => ({ version: "2.0.0", line: "2.x", isSupported: true }),
        flows: { find: async () => ({ revision: 1, source: "id: a" }) },
      },
    } as unknown as EvaluationClient;
  }

  /** Starts the next match of a lane, ends the next one that is played, and the batch with its last one. */
  advance(): void {
    const next = this.matches.find(({ state }) => state === "TO_COME");
    if (next) next.state = "CREATED";
    const match = this.matches.find(({ state }) => state === "CREATED" || state === "RUNNING");
    if (match) {
      const key = cellKey(match.cell);
      const failures = this.failures.get(key) ?? 0;
      if (failures > 0) this.failures.set(key, failures - 1);
      match.state = failures > 0 ? "FAILED" : "SUCCESS";
    }
    for (const batch of this.batches) {
      const own = this.matches.filter(({ batchId }) => batchId === batch.id);
      const isDone = own.every(({ state }) => endStates.has(state));
      if (batch.state === "RUNNING" && isDone) batch.state = "SUCCESS";
    }
  }

  /**
   * Kestra dies and comes back: its live batches are killed or forgotten; what is played at the time may go on, and so
   * may the lanes, which then start what was still to come.
   */
  crash({ forgets, matchesGoOn, lanesGoOn = false }: Crash): void {
    for (const batch of this.batches.filter(({ state }) => state === "RUNNING")) {
      batch.state = "KILLED";
      if (forgets) this.forgotten.add(batch.id);
      const live = this.matches.filter(
        ({ batchId, state }) => batchId === batch.id && state === "CREATED",
      );
      for (const [index, match] of live.entries()) {
        const isPlayed = matchesGoOn && index === 0;
        match.state = isPlayed ? "RUNNING" : lanesGoOn ? "TO_COME" : "KILLED";
      }
    }
  }

  /** How often each cell's matches were played to a result. */
  playsByCell(): Map<string, number> {
    const plays = new Map<string, number>();
    for (const { cell, state } of this.matches) {
      if (state === "SUCCESS") plays.set(cellKey(cell), (plays.get(cellKey(cell)) ?? 0) + 1);
    }
    return plays;
  }

  #start(input: BatchInput, key: string | undefined): FakeBatch {
    const id = `batch-${this.batches.length + 1}`;
    const batch: FakeBatch = { id, key, input, state: "RUNNING" };
    this.batches.push(batch);
    for (const { cell, repetition, row } of asked(input)) {
      if (row) continue;
      const match = `match-${this.matches.length + 1}`;
      this.matches.push({ id: match, batchId: id, cell, repetition, state: "CREATED" });
    }
    return batch;
  }

  #batchHandle(id: string): BatchExecution {
    const batch = this.batches.find((known) => known.id === id);
    const read = () => {
      if (batch === undefined || this.forgotten.has(id)) throw notFound(id);
      return batch;
    };
    return {
      id,
      url: `http://kestra.invalid/${id}`,
      started: "new",
      namespace: "ai-arena",
      get: async () => ({ state: { current: read().state } }),
      cancel: async () => {
        read().state = "KILLED";
        for (const match of this.matches.filter(({ batchId }) => batchId === id)) {
          if (!endStates.has(match.state)) match.state = "KILLED";
        }
      },
      outcome: async ({ signal }: { signal?: AbortSignal } = {}) => {
        for (;;) {
          signal?.throwIfAborted();
          const { state, input } = read();
          if (state === "KILLED") {
            const where = { executionId: id, flowId: "batch-evaluation", namespace: "n", state };
            return { ok: false, state, error: new ExecutionKilledError("killed", where) };
          }
          if (state === "SUCCESS") return { ok: true, state, result: this.#result(id, input) };
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    } as unknown as BatchExecution;
  }

  /** A batch has one lane here, of its own id. */
  #laneHandle(batchId: string) {
    return {
      ended: async () => {
        for (const match of this.#toCome(batchId)) match.state = "CREATED";
        return "SUCCESS";
      },
    };
  }

  #toCome(batchId: string | undefined): FakeMatch[] {
    return this.matches.filter((match) => match.batchId === batchId && match.state === "TO_COME");
  }

  #matchHandle(id: string) {
    const match = this.matches.find((known) => known.id === id) as FakeMatch;
    return {
      get: async () => listed(match),
      outcome: async () => {
        while (match.state === "RUNNING" || match.state === "CREATED") this.advance();
        const row = rowOf(match);
        return row.metrics
          ? { ok: true, state: "SUCCESS", result: { winner: null, transcriptFile: "t", ...row } }
          : { ok: false, state: match.state, error: new ArenaError("kestra", row.reason ?? "") };
      },
    };
  }

  async *#list(filter: {
    flowId?: string | undefined;
    labels?: Readonly<Record<string, string>> | undefined;
    states?: readonly string[] | undefined;
  }): AsyncGenerator<ListedExecution> {
    if (filter.flowId === "batch-evaluation") {
      for (const { id, key, state } of this.batches.toReversed()) {
        if (key !== filter.labels?.["arena.key"]) continue;
        yield { id, namespace: "ai-arena", state: { current: state } } as ListedExecution;
      }
      return;
    }
    if (filter.flowId === "batch-lane") {
      const id = filter.labels?.["system.correlationId"] ?? "";
      const current = this.#toCome(id).length > 0 ? "RUNNING" : "SUCCESS";
      yield { id, namespace: "ai-arena", state: { current } } as ListedExecution;
      return;
    }
    for (let ended = 0; ended < this.endsPerLook; ended += 1) this.advance();
    const own = this.matches.filter(({ batchId }) => batchId === filter.labels?.["arena.batch"]);
    for (const match of own.filter(({ state }) => state !== "TO_COME").toReversed()) {
      if (filter.states === undefined || filter.states.includes(match.state)) yield listed(match);
    }
  }

  #result(batchId: string, input: BatchInput): BatchResult {
    const rows = asked(input).map(({ cell, repetition, row }) => {
      const match = this.matches.find(
        (known) =>
          known.batchId === batchId &&
          known.repetition === repetition &&
          cellKey(known.cell) === cellKey(cell),
      );
      return row ?? rowOf(match as FakeMatch);
    });
    return { rows } as BatchResult;
  }
}

const endStates: ReadonlySet<string> = new Set(["SUCCESS", "FAILED", "KILLED"]);

function asked({ agentCombinations, matchesPerCombination = 3, existingRows = [] }: BatchInput) {
  return agentCombinations.flatMap((cell) =>
    Array.from({ length: matchesPerCombination }, (_, index) => {
      const repetition = index + 1;
      const row = existingRows.find(
        (known) => cellKey(known) === cellKey(cell) && known.repetition === repetition,
      );
      return { cell, repetition, row };
    }),
  );
}

function rowOf({ id, cell, repetition, state }: FakeMatch): EvaluationRow {
  const base = { ...cell, repetition, executionId: id };
  if (state !== "SUCCESS") return { ...base, state, reason: "the arena did not answer" };
  const metrics = metricsOf({ success: 2, blocked: 3 });
  return { ...base, state, matchId: `AR-${id}`, matchStatus: "complete", metrics };
}

function listed({ id, cell, state }: FakeMatch): ListedExecution {
  return {
    id,
    namespace: "ai-arena",
    flowId: "match-orchestration",
    state: { current: state },
    labels: [],
    taskRunList: [],
    inputs: {
      red_agent_id: cell.redAgentId,
      blue_agent_id: cell.blueAgentId,
      target_agent_id: cell.targetAgentId,
    },
  };
}

function notFound(id: string): NotFoundError {
  const request = { method: "GET", url: `http://kestra.invalid/${id}` };
  return new NotFoundError("not found", { status: 404, request });
}
