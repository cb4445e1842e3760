import { type KestraArenaOptions, type KestraArenaSettings, resolveConfig } from "./config.ts";
import type { DoctorOptions } from "./doctor/context.ts";
import type { DoctorReport } from "./doctor/doctor.ts";
import type { ExecutionContext } from "./executions/context.ts";
import { createContext } from "./executions/create-context.ts";
import type { Execution } from "./executions/execution.ts";
import { ExecutionsClient } from "./executions/executions-client.ts";
import { createHandle, type ExecutionOf, type TellingExecution } from "./executions/progress.ts";
import { type StartOptions, startExecution } from "./executions/start.ts";
import {
  agentFineTuning,
  type FineTuneInput,
  type FineTuningResult,
} from "./flows/agent-fine-tuning.ts";
import { type BatchInput, type BatchResult, batchEvaluation } from "./flows/batch-evaluation.ts";
import type { BatchProgress } from "./flows/batch-progress.ts";
import {
  type DatasetResult,
  datasetGeneration,
  type GenerateDatasetInput,
} from "./flows/dataset-generation.ts";
import type { FlowDefinition } from "./flows/define-flow.ts";
import {
  type MatchInput,
  type MatchResult,
  matchOrchestration,
} from "./flows/match-orchestration.ts";
import { KestraApi } from "./kestra/index.ts";
import type { KestraExecution } from "./kestra/schemas.ts";
import type { ScheduleContext } from "./schedules/context.ts";
import type { ScheduleMatchesInput } from "./schedules/match-schedule.ts";
import type { MonitorTargetInput } from "./schedules/monitor-schedule.ts";
import type { MatchSchedule, MonitorSchedule } from "./schedules/read-schedule.ts";
import { SchedulesClient } from "./schedules/schedules-client.ts";
import { setMatchSchedule, setMonitorSchedule } from "./schedules/set-schedule.ts";
import type { ScheduleCallOptions } from "./schedules/trigger-state.ts";
import { FlowsClient } from "./templates/flows-client.ts";
import { packageVersion } from "./version.ts";
import { createWarner, guardHooks } from "./warnings.ts";

/** How one execution is started, and what becomes of it at the end of an `await using` block. */
export interface RunOptions extends StartOptions {
  /** What `await using` does at the end of its block: leave the execution running, or kill it. @default "detach" */
  onDispose?: "kill" | "detach" | undefined;
}

/**
 * The client of the arena's flows on Kestra. It holds no connection and no state that a second one would miss: make one
 * per server and share it.
 *
 * @example
 * ```ts
 * const arena = new KestraArenaClient();
 * await arena.flows.deploy();
 * const execution = await arena.runMatch({ redAgentId, blueAgentId, targetAgentId, mode: "quick" });
 * const { winner, metrics } = await execution.result({ timeoutMs: 600_000 });
 * ```
 */
export class KestraArenaClient {
  /** The options with all defaults filled in, without the credentials. */
  readonly options: KestraArenaSettings;
  /** Reattach to executions, list them, wait for many. */
  readonly executions: ExecutionsClient;
  /** The package's flows in Kestra: deploy them, compare, check and export them. */
  readonly flows: FlowsClient;
  /** What runs by itself: scheduled matches and monitored targets. */
  readonly schedules: SchedulesClient;
  /** Kestra's REST API, thin and typed, for what the client does not cover. */
  readonly kestra: KestraApi;
  readonly #context: ExecutionContext;
  readonly #scheduleContext: ScheduleContext;

  /** @throws ConfigError for an unknown option or a bad value, before anything is sent. */
  constructor(options: KestraArenaOptions = {}) {
    const { settings, authorization, secrets } = resolveConfig(options);
    const warn = createWarner(options.onWarning);
    this.options = settings;
    this.kestra = new KestraApi({
      url: settings.url,
      tenant: settings.tenant,
      line: settings.line,
      authorization,
      secrets,
      headers: { "user-agent": userAgent, ...options.headers },
      retries: settings.retries,
      requestTimeoutMs: settings.requestTimeoutMs,
      fetch: options.fetch,
      hooks: guardHooks(options.hooks, warn),
      tracer: options.tracer,
      onServer: ({ version, line, isSupported }) => {
        if (isSupported) return;
        const message = `Kestra ${version ?? "of an unknown version"} is not one that kestra-arena was tested with (1.3 and 2.x); it is taken for ${line}.`;
        warn({ code: "unsupported_version", message });
      },
    });
    this.#context = createContext(this.kestra, settings, warn);
    this.executions = new ExecutionsClient(this.#context);
    const target = { kestra: this.kestra, namespace: settings.namespace };
    this.flows = new FlowsClient({ ...target, warn });
    this.#scheduleContext = {
      ...target,
      deployMissing: async (flowIds, signal) => {
        const { deployMissing } = await import("./templates/deploy-flows.ts");
        await deployMissing(target, flowIds, signal);
      },
      start: (flow, input, start) => this.start(flow, input, start),
    };
    this.schedules = new SchedulesClient(this.#scheduleContext);
  }

  /** Plays one match (`match-orchestration`). @throws InputError before anything is sent, and as {@link KestraArenaClient.start}. */
  async runMatch(input: MatchInput, options: RunOptions = {}): Promise<Execution<MatchResult>> {
    return this.start(matchOrchestration, input, options);
  }

  /**
   * Plays matches on a schedule (`scheduled-matches`): sets its cron and what each run plays, and deploys it where it is
   * missing. There is one such schedule a namespace; the same call again changes it, and a paused one stays paused.
   *
   * @returns The schedule, with its next runs.
   * @throws InputError before anything is sent, for a bad cron with the place and what a good one means.
   */
  async scheduleMatches(
    input: ScheduleMatchesInput = {},
    options: ScheduleCallOptions = {},
  ): Promise<MatchSchedule> {
    return setMatchSchedule(this.#scheduleContext, input, options);
  }

  /**
   * Checks a target around the clock (`continuous-monitoring`), by a small flow of its own. The same call again changes
   * its monitoring, and a paused one stays paused.
   *
   * @returns The schedule, with its next runs.
   * @throws InputError before anything is sent.
   */
  async monitorTarget(
    input: MonitorTargetInput,
    options: ScheduleCallOptions = {},
  ): Promise<MonitorSchedule> {
    return setMonitorSchedule(this.#scheduleContext, input, options);
  }

  /** Plays every combination so many times (`batch-evaluation`). @throws InputError, and as {@link KestraArenaClient.start}. */
  async evaluateBatch(
    input: BatchInput,
    options: RunOptions = {},
  ): Promise<TellingExecution<BatchResult, BatchProgress>> {
    return this.start(batchEvaluation, input, options);
  }

  /**
   * Makes a training dataset out of finished matches (`dataset-generation`). No row is a result too.
   *
   * @throws InputError, and as {@link KestraArenaClient.start}.
   */
  async generateDataset(
    input: GenerateDatasetInput = {},
    options: RunOptions = {},
  ): Promise<Execution<DatasetResult>> {
    return this.start(datasetGeneration, input, options);
  }

  /**
   * Fine-tunes an agent on its own matches and lets it and the original play the same opponents (`agent-fine-tuning`);
   * `judgeFineTuning` of `kestra-arena/evaluation` says of the result whether it got better beyond doubt.
   *
   * @throws InputError, and as {@link KestraArenaClient.start}.
   */
  async fineTuneAgent(
    input: FineTuneInput,
    options: RunOptions = {},
  ): Promise<Execution<FineTuningResult>> {
    return this.start(agentFineTuning, input, options);
  }

  /**
   * Looks at all that has to be well for the flows to run: Kestra, its version, the credentials, its streams, the flows
   * and their inputs, and from inside Kestra, by a small flow that is removed again, the arena, its agents and alerts.
   *
   * @returns What was found, each with a stable code and what to do. It never throws for what it finds.
   * @throws the signal's reason.
   */
  async doctor(options: DoctorOptions = {}): Promise<DoctorReport> {
    const { examine } = await import("./doctor/doctor.ts");
    return examine(this, options);
  }

  /**
   * Starts any flow, one of the package's or one described with `defineFlow`.
   *
   * @throws InputError before anything is sent; NotFoundError when the flow is not deployed; ConflictError for a
   * disabled flow, or a key that is taken with `onExisting: "fail"`; StartUnknownError when it cannot be told whether it
   * was started; AuthenticationError, ConnectionError, KestraError.
   */
  async start<Input, Result, Progress = never>(
    flow: FlowDefinition<Input, Result, Progress>,
    input: NoInfer<Input>,
    options: RunOptions = {},
  ): Promise<ExecutionOf<Result, Progress>> {
    const { onDispose = "detach", ...start } = options;
    const handle = (execution: KestraExecution, started: "new" | "existing" = "existing") =>
      createHandle(this.#context, flow, { ...execution, execution, started, onDispose });
    const { execution, started } = await startExecution(this.#context, flow, input, start, handle);
    return handle(execution, started);
  }
}

const userAgent = `kestra-arena/${packageVersion}`;
