import type { FlowDefinition, FlowInputs } from "../flows/define-flow.ts";
import { type Deadline, withDeadline } from "../kestra/deadline.ts";
import type { LogEntry, LogFilter } from "../kestra/logs.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { type CancelResult, cancelExecution, cancelTimeoutMs } from "./cancel.ts";
import { listChildren } from "./children.ts";
import type { ExecutionContext } from "./context.ts";
import { downloadTo } from "./download.ts";
import { encodeInputs } from "./encode-inputs.ts";
import { streamLogs } from "./logs-stream.ts";
import { executionUrl, type Outcome, readOutcome } from "./outcome.ts";
import { showExecutions, showHtml } from "./show-execution.ts";
import { type ExecutionState, streamStates } from "./states-stream.ts";
import { hasEndedForGood, type LastEnd, Tracked } from "./tracked.ts";
import { timedOut, type WaitOptions } from "./wait.ts";
import type { ObservedBy } from "./watched.ts";

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

/** As {@link Execution.outcome}, within a deadline that many share. */
export let outcomeWithin: <Result>(
  execution: Execution<Result>,
  deadline: Deadline,
  timeoutMs: number,
) => Promise<Outcome<Result>>;

/**
 * A handle of one execution. Any process can make one by the id: the execution runs in Kestra, whatever becomes of the
 * handle. Where the flow is retried as a whole, the handle goes on with the execution that carries on.
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
  readonly #flow: FlowDefinition<never, Result, unknown>;
  readonly #onDispose: "kill" | "detach";
  readonly #tracked: Tracked;

  constructor(
    context: ExecutionContext,
    flow: FlowDefinition<never, Result, unknown>,
    { id, namespace, url, execution, started, onDispose }: ExecutionSource,
  ) {
    this.#context = context;
    this.#flow = flow;
    this.id = id;
    this.flowId = flow.id;
    this.namespace = namespace;
    this.url = executionUrl(context, { id, namespace, flowId: flow.id, url });
    this.started = started;
    this.#onDispose = onDispose;
    const isNew = started === "new";
    this.#tracked = new Tracked(context, { id, namespace, flowId: flow.id, execution, isNew });
  }

  static {
    // A deadline of its own for each of ten thousand handles would be ten thousand listeners on one signal.
    outcomeWithin = (execution, deadline, timeoutMs) => execution.#outcome(deadline, timeoutMs);
    showExecutions(Execution.prototype);
  }

  /** The last state that this handle has seen; `UNKNOWN` before it has looked. */
  get lastState(): string {
    const { id, latest } = this.#tracked.current;
    const watched = this.#context.watcher.describe(id);
    return (watched?.latest ?? latest)?.state.current ?? "UNKNOWN";
  }

  /** The execution as an HTML fragment for a notebook; Deno's kernel and `console.log` need no call. */
  toHTML(): string {
    return showHtml(this);
  }

  /** How the execution is watched at present, and why it is polled when that is not by choice; `undefined` when it is not. */
  get observedBy(): { mode: ObservedBy; reason: string | undefined } | undefined {
    const watched = this.#context.watcher.describe(this.#tracked.current.id);
    return watched && { mode: watched.observedBy, reason: watched.fallbackReason };
  }

  /** Reads the execution as it is now. @throws NotFoundError */
  async get(options: ExecutionCallOptions = {}): Promise<KestraExecution> {
    return this.#tracked.read(options);
  }

  /**
   * Every state from the first to the last, once each, in order, as it is entered. After a RETRIED those of the execution
   * that carries on follow.
   *
   * @throws NotFoundError, AuthenticationError, and the signal's reason. Not for an execution that fails: that is a
   * state.
   */
  async *states({
    signal,
  }: {
    signal?: AbortSignal | undefined;
  } = {}): AsyncGenerator<ExecutionState, void, undefined> {
    let tracked = this.#tracked;
    for (;;) {
      let last = "";
      for await (const state of streamStates(this.#context.watcher, tracked.target(), signal)) {
        last = state.current;
        yield { ...state, isLast: state.isLast && last !== "RETRIED" };
      }
      if (last !== "RETRIED") return;
      tracked = await tracked.successor(signal ?? new AbortController().signal);
    }
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
  outcome(options: WaitOptions = {}): Promise<Outcome<Result>> {
    const { timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
    return withDeadline(timeoutMs, signal, (deadline) => this.#outcome(deadline, timeoutMs));
  }

  /**
   * Waits for the end and gives its state, without reading what the flow answered: the cheapest wait, and the one for an
   * execution whose result is of no interest.
   *
   * @returns `SUCCESS`, `WARNING`, `FAILED`, `KILLED`, ….
   * @throws WaitTimeoutError when the time is up; what any request throws; never for a failed execution.
   */
  ended(options: WaitOptions = {}): Promise<string> {
    const { timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
    return withDeadline(timeoutMs, signal, (deadline) =>
      this.#afterEnd(deadline, timeoutMs, ({ end }) => end.state),
    );
  }

  /**
   * The log, line by line, oldest first.
   *
   * @param options.follow - Goes on with new lines until the execution has ended. @default false
   */
  async *logs(
    options: LogFilter & {
      signal?: AbortSignal | undefined;
      follow?: boolean | undefined;
    } = {},
  ): AsyncGenerator<LogEntry, void, undefined> {
    yield* streamLogs(this.#context, this.#tracked, options);
  }

  /**
   * A file of Kestra's internal storage that the execution made, such as `result.transcriptFile`. The time-out ends with
   * the head of the answer; read the body to its end, cancel it, or abort.
   *
   * @param uri - `kestra:///…`
   * @throws NotFoundError, KestraError when the file is not this execution's.
   */
  async download(uri: string, options: ExecutionCallOptions = {}): Promise<Response> {
    return this.#context.kestra.executions.file(this.id, uri, options);
  }

  /** As {@link Execution.download}, into a file, which appears under its name only when it is complete. */
  async downloadTo(uri: string, path: string, options: ExecutionCallOptions = {}): Promise<void> {
    await downloadTo(await this.download(uri, options), path);
  }

  /** The executions that this one started, those of its subflows' subflows among them, newest first. */
  async *children(
    options: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<KestraExecution, void, undefined> {
    const execution = this.#tracked.latest ?? (await this.get(options));
    yield* listChildren(this.#context.kestra, execution, options.signal);
  }

  /**
   * Kills the execution with all its subflows, and waits until it has ended.
   *
   * @param options.timeoutMs - How long is waited. @default 30_000
   * @returns Whether it has ended, and in which state. `KILLING` when the time was up: then Kestra is still at it.
   * @throws what any request throws, when Kestra could not even be told.
   */
  async cancel(options: ExecutionCallOptions = {}): Promise<CancelResult> {
    const { timeoutMs = cancelTimeoutMs, signal } = options;
    return withDeadline(timeoutMs, signal, (deadline) =>
      cancelExecution(this.#context, this.#tracked.current, this.url, deadline, timeoutMs),
    );
  }

  /** Holds the execution before its next task. @throws ConflictError when it is not running. */
  async pause(options: ExecutionCallOptions = {}): Promise<void> {
    await this.#context.kestra.executions.act(this.#tracked.current.id, "pause", options);
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
    const { id } = this.#tracked.current;
    await this.#context.kestra.executions.act(id, "resume", { ...call, inputs: parts });
  }

  /** Runs a failed execution on from the task that failed; it keeps its id. @throws ConflictError when it did not fail. */
  async restart(
    options: ExecutionCallOptions & { revision?: number | undefined } = {},
  ): Promise<void> {
    const { current } = this.#tracked;
    // From now on a read that shows the old end is an old one.
    current.restarted(await this.#context.kestra.executions.restart(current.id, options));
  }

  /**
   * Runs it anew with the same inputs, as a new execution.
   *
   * @param options.taskRunId - From this task run on. @default from the start
   * @param options.revision - With this revision of the flow. @default the one that it ran
   */
  async replay(
    options: ExecutionCallOptions & {
      taskRunId?: string | undefined;
      revision?: number | undefined;
    } = {},
  ): Promise<this> {
    const execution = await this.#context.kestra.executions.replay(this.id, options);
    const source = { ...execution, execution, started: "new", onDispose: this.#onDispose } as const;
    const Handle = this.constructor as typeof Execution<Result>;
    return new Handle(this.#context, this.#flow, source) as this;
  }

  /** Ends an `await using` block: kills the execution or leaves it running, as `onDispose` said at the start. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#onDispose === "detach" || hasEndedForGood(this.#tracked.current.latest)) return;
    await this.cancel();
  }

  #outcome(deadline: Deadline, timeoutMs: number): Promise<Outcome<Result>> {
    const { signal } = deadline;
    return this.#afterEnd(deadline, timeoutMs, ({ last, end }) =>
      this.#context.reads.run(
        () => readOutcome(this.#context, this.#flow, last, end.state, signal),
        signal,
      ),
    );
  }

  /** Waits for the end, and reads what is wanted of it within the same deadline. */
  async #afterEnd<Value>(
    deadline: Deadline,
    timeoutMs: number,
    read: (end: LastEnd) => Value | Promise<Value>,
  ): Promise<Value> {
    try {
      return await read(await this.#tracked.lastEnd(deadline));
    } catch (error) {
      if (!deadline.hasExpired) throw error;
      throw this.#timedOut(timeoutMs);
    }
  }

  #timedOut(timeoutMs: number) {
    const { trouble } = this.#tracked.current;
    return timedOut(this, { state: this.lastState, timeoutMs, trouble });
  }
}
