import type { FineTuningResult } from "../flows/agent-fine-tuning.ts";
import type { BatchResult } from "../flows/batch-evaluation.ts";
import type { MonitoringResult } from "../flows/continuous-monitoring.ts";
import type { DatasetResult } from "../flows/dataset-generation.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { arenaFlowIds } from "../flows/index.ts";
import type { MatchResult } from "../flows/match-orchestration.ts";
import type { ScheduledMatchesResult } from "../flows/scheduled-matches.ts";
import { arenaResults } from "./arena-results.ts";
import type { FakeBehaviour, FakeOutcome, FakeStart } from "./outcomes.ts";
import { lifeOf, logOf } from "./outcomes.ts";
import { readTypedInputs } from "./read-inputs.ts";
import type { SimulatedKestra } from "./server/simulated-kestra.ts";
import type { Behaviour, StartedExecution } from "./server/store.ts";

/** An outcome of a flow of your own: its outputs are given as they are. */
export type OwnOutcome = Omit<FakeOutcome<never>, "result">;

/** How a flow of your own goes. */
export type OwnBehaviour = OwnOutcome | ((start: FakeStart) => OwnOutcome);

/**
 * How the executions of each flow go. Each method takes one behaviour or more: every start takes the next one, and the
 * last one stays. Without any, the flow succeeds with something plausible again.
 */
export class FakeFlows {
  readonly #server: SimulatedKestra;
  readonly #batch: (start: FakeStart, rows: BatchResult["rows"], durationMs: number) => void;

  /** @internal */
  constructor(
    server: SimulatedKestra,
    batch: (start: FakeStart, rows: BatchResult["rows"], durationMs: number) => void,
  ) {
    this.#server = server;
    this.#batch = batch;
    for (const flowId of arenaFlowIds) this.#define(flowId, []);
  }

  /** `match-orchestration`, which `client.runMatch` starts. */
  onMatch(...behaviours: readonly FakeBehaviour<MatchResult>[]): void {
    this.#define("match-orchestration", behaviours);
  }

  /**
   * `batch-evaluation`, which `client.evaluateBatch` starts. Given `rows`, its counts are of them; its matches show in
   * `execution.progress()` and are over one after the other in the course of `durationMs`.
   */
  onBatch(...behaviours: readonly FakeBehaviour<BatchResult>[]): void {
    this.#define("batch-evaluation", behaviours);
  }

  /** `scheduled-matches`: one run of a schedule. */
  onScheduledMatches(...behaviours: readonly FakeBehaviour<ScheduledMatchesResult>[]): void {
    this.#define("scheduled-matches", behaviours);
  }

  /** `continuous-monitoring`: one check of a target. */
  onMonitoring(...behaviours: readonly FakeBehaviour<MonitoringResult>[]): void {
    this.#define("continuous-monitoring", behaviours);
  }

  /** `dataset-generation`, which `client.generateDataset` starts. */
  onDataset(...behaviours: readonly FakeBehaviour<DatasetResult>[]): void {
    this.#define("dataset-generation", behaviours);
  }

  /** `agent-fine-tuning`, which `client.fineTuneAgent` starts. */
  onFineTuning(...behaviours: readonly FakeBehaviour<FineTuningResult>[]): void {
    this.#define("agent-fine-tuning", behaviours);
  }

  /** A flow of your own, by its definition or its id. Until then Kestra does not know it: a start of it is 404. */
  on<Input, Result, Progress>(
    flow: FlowDefinition<Input, Result, Progress> | string,
    ...behaviours: readonly OwnBehaviour[]
  ): void {
    this.#define(typeof flow === "string" ? flow : flow.id, behaviours);
  }

  #define(flowId: string, behaviours: readonly FakeBehaviour<object>[]): void {
    let starts = 0;
    const behave = (execution: StartedExecution): Behaviour => {
      starts += 1;
      const start = describeStart(flowId, execution, starts);
      const behaviour = behaviours[Math.min(starts, behaviours.length) - 1] ?? {};
      return this.#behave(start, typeof behaviour === "function" ? behaviour(start) : behaviour);
    };
    this.#server.define({ id: flowId, behave });
  }

  #behave(start: FakeStart, outcome: FakeOutcome<object>): Behaviour {
    const { executionId, flowId, inputs } = start;
    const behaviour = { life: lifeOf(outcome), inputs: { ...inputs } };
    const log = logOf(outcome);
    if (log.length > 0) this.#server.logs.set(executionId, [...log]);
    if (outcome.outputs !== undefined) return { ...behaviour, outputs: { ...outcome.outputs } };
    const toResult = arenaResults[flowId];
    if (toResult === undefined) return { ...behaviour, outputs: {} };
    const { outputs, files, rows } = toResult(start, outcome.result ?? {});
    for (const [uri, text] of Object.entries(files)) {
      if (!this.#server.files.has(uri)) this.#server.files.set(uri, text);
    }
    if (flowId === "batch-evaluation") this.#batch(start, rows ?? [], outcome.durationMs ?? 0);
    return { ...behaviour, outputs };
  }
}

function describeStart(flowId: string, execution: StartedExecution, number: number): FakeStart {
  const { id, namespace, inputs, labels } = execution;
  return {
    executionId: id,
    flowId,
    namespace,
    inputs: readTypedInputs(flowId, inputs),
    labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
    number,
  };
}
