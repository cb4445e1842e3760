import type { FlowDefinition, FlowInputs } from "../flows/define-flow.ts";
import type { LogEntry, LogFilter } from "../kestra/logs.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { isTerminal } from "../kestra/states.ts";
import { type CancelResult, cancelExecution } from "./cancel.ts";
import type { ExecutionContext } from "./context.ts";
import { downloadTo, readText } from "./download.ts";
import { encodeInputs } from "./encode-inputs.ts";
import { listExecutions } from "./list.ts";
import { streamLogs } from "./logs-stream.ts";
import { executionUrl, type Outcome, readOutcome } from "./outcome.ts";
import { type ExecutionState, streamStates } from "./states-stream.ts";
import { type WaitOptions, waitForEnd } from "./wait.ts";
import type { ObservedBy, WatchTarget } from "./watched.ts";

/** What every call on a handle takes. */
export interface ExecutionCallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
  /** The whole time of the call in milliseconds. @default the client's `requestTimeoutMs` */
  timeoutMs?: number | undefined;
}

/** What a handle is made from. */
export interface ExecutionSource {
  id: string;
  namespace: string;
  url?: string | undefined;
  /** What is known of it, when it was just read. */
  execution?: KestraExecution | undefined;
  /** Whether this client started it just now. */
  started: "new" | "existing";
  /** What `await using` does at the end of the block. */
  onDispose: "kill" | "detach";
}

/** After a start, the execution may not be readable for a moment. */
const notFoundGraceMs = 10_000;

/**
 * A handle of one execution. Any process can make one by the id: the execution runs in Kestra, whatever becomes of the
 * handle.
 */
export class Execution<Result> {
  /** The execution's id. */
  readonly id: string;
  /** The flow that it runs. */
  readonly flowId: string;
  /** The flow's namespace. */
  readonly namespace: string;
  /** Its page in Kestra's UI. */
  readonly url: string;
  /** `new` when this call started it; `existing` when it was joined by its key or attached to by its id. */
  readonly started: "new" | "existing";
  readonly #context: ExecutionContext;
  readonly #flow: FlowDefinition<never, Result>;
  readonly #onDispose: "kill" | "detach";
  readonly #notFoundUntil: number;
  readonly #startedAt: number;
  readonly #isStamped: boolean;
  #latest: KestraExecution | undefined;

  constructor(
    context: ExecutionContext,
    flow: FlowDefinition<never, Result>,
    source: ExecutionSource,
  ) {
    this.#context = context;
    this.#flow = flow;
    this.id = source.id;
    this.flowId = flow.id;
    this.namespace = source.namespace;
    this.url = executionUrl(context, { ...source, flowId: flow.id });
    this.started = source.started;
    this.#onDispose = source.onDispose;
    this.#latest = source.execution;
    this.#isStamped = source.started === "new";
    this.#notFoundUntil = this.#isStamped ? performance.now() + notFoundGraceMs : 0;
    this.#startedAt = Date.parse(source.execution?.state.startDate ?? "") || 0;
  }

  /** The last state that this handle has seen; `UNKNOWN` before it has looked. */
  get lastState(): string {
    return this.#latest?.state.current ?? "UNKNOWN";
  }

  /** How the execution is watched at present, and why it is polled when that is not by choice; `undefined` when it is not. */
  get observedBy(): { mode: ObservedBy; reason: string | undefined } | undefined {
    const watched = this.#context.watcher.describe(this.id);
    return watched && { mode: watched.observedBy, reason: watched.fallbackReason };
  }

  /** Reads the execution as it is now. @throws NotFoundError */
  async get(options: ExecutionCallOptions = {}): Promise<KestraExecution> {
    this.#latest = await this.#context.kestra.executions.get(this.id, options);
    return this.#latest;
  }

  /**
   * Every state from the first to the last, once each, in order, as it is entered.
   *
   * @throws NotFoundError, AuthenticationError, and the signal's reason. Not for an execution that fails: that is a
   * state.
   */
  async *states({
    signal,
  }: {
    signal?: AbortSignal | undefined;
  } = {}): AsyncGenerator<ExecutionState, void, undefined> {
    yield* streamStates(this.#context.watcher, this.#target(), signal);
  }

  /**
   * Waits for the end and gives what the flow answered.
   *
   * @throws ExecutionFailedError, ExecutionKilledError, OutputError; WaitTimeoutError when the time is up, and then the
   * execution runs on; the signal's reason.
   */
  async result(options: WaitOptions = {}): Promise<Result> {
    const outcome = await this.outcome(options);
    if (outcome.ok) return outcome.result;
    throw outcome.error;
  }

  /**
   * Waits for the end and gives the result or the failure as data.
   *
   * @throws WaitTimeoutError when the time is up; what any request throws; never for a failed execution.
   */
  async outcome(options: WaitOptions = {}): Promise<Outcome<Result>> {
    const execution = await this.#ended(options);
    const { signal } = options;
    const read = (uri: string) => readText(this.#context.kestra, execution.id, uri, signal);
    return readOutcome(this.#context, this.#flow, execution, read, { signal });
  }

  /**
   * The log, line by line, oldest first.
   *
   * @param options.follow - Goes on with new lines until the execution has ended. @default false
   */
  async *logs(
    options: LogFilter & { signal?: AbortSignal | undefined; follow?: boolean } = {},
  ): AsyncGenerator<LogEntry, void, undefined> {
    yield* streamLogs(this.#context, this.#target(), options);
  }

  /**
   * A file of Kestra's internal storage that the execution made, such as `result.transcriptFile`.
   *
   * @param uri - `kestra:///…`
   * @throws NotFoundError, KestraError when the file is not this execution's.
   */
  async download(uri: string, options: ExecutionCallOptions = {}): Promise<Response> {
    return this.#context.kestra.executions.file(this.id, uri, options);
  }

  /** As {@link Execution.download}, into a file, which appears under its name only when it is complete. */
  async downloadTo(uri: string, path: string, options: ExecutionCallOptions = {}): Promise<void> {
    await downloadTo(await this.download(uri, options), path, options.signal);
  }

  /** The executions that this one started, those of its subflows' subflows among them, newest first. */
  async *children(
    options: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<KestraExecution, void, undefined> {
    const { labels } = this.#latest ?? (await this.get(options));
    const correlation = labels.find(({ key }) => key === "system.correlationId")?.value ?? this.id;
    // Not by the trigger: subflows under a loop are not found so.
    const filter = { labels: { "system.correlationId": correlation } };
    for await (const execution of listExecutions(this.#context.kestra, filter, options)) {
      if (execution.id !== this.id) yield execution;
    }
  }

  /**
   * Kills the execution with all its subflows, and waits until it has ended.
   *
   * @param options.timeoutMs - How long is waited. @default 30_000
   * @returns Whether it has ended, and in which state. `KILLING` when the time was up: then Kestra is still at it.
   */
  async cancel(options: ExecutionCallOptions = {}): Promise<CancelResult> {
    return cancelExecution(this.#context, this.#target(), this, options);
  }

  /** Holds the execution before its next task. @throws ConflictError when it is not running. */
  async pause(options: ExecutionCallOptions = {}): Promise<void> {
    await this.#context.kestra.executions.act(this.id, "pause", options);
  }

  /**
   * Goes on with a paused execution.
   *
   * @param options.inputs - What its Pause task asks for. @default none
   * @throws ConflictError when it is not paused.
   */
  async resume(options: ExecutionCallOptions & { inputs?: FlowInputs } = {}): Promise<void> {
    const { inputs = {}, ...call } = options;
    const parts = encodeInputs(this.flowId, inputs);
    await this.#context.kestra.executions.act(this.id, "resume", { ...call, inputs: parts });
  }

  /** Runs a failed execution on from the task that failed; it keeps its id. @throws ConflictError when it did not fail. */
  async restart(options: ExecutionCallOptions = {}): Promise<void> {
    await this.#context.kestra.executions.act(this.id, "restart", options);
  }

  /**
   * Runs it anew with the same inputs, as a new execution.
   *
   * @param options.taskRunId - From this task run on. @default from the start
   * @param options.revision - With this revision of the flow. @default the one that it ran
   */
  async replay(
    options: ExecutionCallOptions & { taskRunId?: string; revision?: number } = {},
  ): Promise<Execution<Result>> {
    const execution = await this.#context.kestra.executions.replay(this.id, options);
    return new Execution(this.#context, this.#flow, {
      ...execution,
      execution,
      started: "existing",
      onDispose: this.#onDispose,
    });
  }

  /** Ends an `await using` block: kills the execution or leaves it running, as `onDispose` said at the start. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#onDispose === "detach") return;
    if (this.#latest !== undefined && isTerminal(this.#latest.state.current)) return;
    await this.cancel();
  }

  /** The ended execution; a flow's own retry, which ends one and starts another, is followed to its last. */
  async #ended(options: WaitOptions): Promise<KestraExecution> {
    const latest = this.#latest;
    // A FAILED that was seen before may have been restarted since.
    const isSettled =
      latest !== undefined && isTerminal(latest.state.current) && latest.state.current !== "FAILED";
    if (!isSettled) await waitForEnd(this.#context, this.#target(), this, options);
    const execution = isSettled ? latest : await this.get({ signal: options.signal });
    if (execution.state.current !== "RETRIED") return execution;
    const successor = await this.#successor(execution, options.signal);
    return successor === undefined ? execution : successor.#ended(options);
  }

  async #successor(
    execution: KestraExecution,
    signal: AbortSignal | undefined,
  ): Promise<Execution<Result> | undefined> {
    const { id, originalId = id } = execution;
    const correlation = execution.labels.find(({ key }) => key === "system.correlationId")?.value;
    const { results } = await this.#context.kestra.executions.search(
      {
        namespace: this.namespace,
        flowId: this.flowId,
        labels: { "system.correlationId": correlation ?? originalId },
      },
      { order: "oldest", signal },
    );
    const index = results.findIndex((row) => row.id === id);
    const next = results.slice(index + 1).find((row) => row.originalId === originalId);
    return (
      next &&
      new Execution(this.#context, this.#flow, {
        ...next,
        execution: next,
        started: "existing",
        onDispose: this.#onDispose,
      })
    );
  }

  #target(): WatchTarget {
    return {
      id: this.id,
      namespace: this.namespace,
      isStamped: this.#isStamped,
      notFoundUntil: this.#notFoundUntil,
      startedAt: this.#startedAt,
    };
  }
}
