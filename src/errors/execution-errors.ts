import { ArenaError, type ArenaErrorCode, type ArenaErrorOptions } from "./base.ts";
import { describeIssue, type InputIssue } from "./input-errors.ts";

/** The little of an execution's handle that an error gives; the client's own handle fits. */
export interface ExecutionReference {
  /** The execution's id: any process can attach by it. */
  readonly id: string;
  /** Its flow. */
  readonly flowId: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Waits for its end. */
  result(options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<unknown>;
  /** Kills it. */
  cancel(options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<unknown>;
}

/**
 * It could not be told whether the execution was started: the answer was lost and the look-up by its label failed too.
 * Nothing was sent twice. Call {@link StartUnknownError.reconcile} later, or look for the label in Kestra.
 */
export class StartUnknownError extends ArenaError {
  declare readonly code: "start_unknown";
  /** The label value (`arena.request`) by which the execution is found, if it exists. */
  readonly requestId: string;
  readonly #reconcile: () => Promise<ExecutionReference | undefined>;

  constructor(
    message: string,
    requestId: string,
    reconcile: () => Promise<ExecutionReference | undefined>,
    options: ArenaErrorOptions = {},
  ) {
    super("start_unknown", message, options);
    this.requestId = requestId;
    this.#reconcile = reconcile;
  }

  /**
   * Looks once more. The handle of the execution when it exists, `undefined` when the server says that it does not.
   * It never starts anything.
   */
  reconcile(): Promise<ExecutionReference | undefined> {
    return this.#reconcile();
  }
}

/** Where an execution is: enough to find it again. */
export interface ExecutionSummary {
  /** The execution's id. */
  executionId: string;
  /** Its flow. */
  flowId: string;
  /** Its namespace. */
  namespace: string;
  /** Its last known state. */
  state: string;
  /** Its page in Kestra's UI, when the server told. */
  url?: string;
}

/** What {@link ExecutionFailedError} knows of the failure. */
export interface FailureDetails extends ArenaErrorOptions {
  /** The task that failed, when one did. */
  taskId?: string;
  /** That task's last message. */
  reason?: string;
  /** The last log lines of level WARN and above, oldest first. */
  logs?: readonly string[];
}

/** The execution ended in a state that is not a success. */
export class ExecutionFailedError extends ArenaError {
  /** Where it is. */
  readonly execution: ExecutionSummary;
  /** The task that failed, when one did. */
  readonly taskId: string | undefined;
  /** That task's last message. */
  readonly reason: string | undefined;
  /** The last log lines of level WARN and above, oldest first. */
  readonly logs: readonly string[];

  constructor(
    message: string,
    execution: ExecutionSummary,
    details: FailureDetails = {},
    code: ArenaErrorCode = "execution_failed",
  ) {
    super(code, message, details);
    this.execution = execution;
    this.taskId = details.taskId;
    this.reason = details.reason;
    this.logs = details.logs ?? [];
  }
}

/** The execution was killed or cancelled, here or by somebody else. */
export class ExecutionKilledError extends ExecutionFailedError {
  declare readonly code: "execution_killed";

  constructor(message: string, execution: ExecutionSummary, details: FailureDetails = {}) {
    super(message, execution, details, "execution_killed");
  }
}

/** The wait ran out. The execution was left as it is, most likely running: this is not a failed run. */
export class WaitTimeoutError extends ArenaError {
  declare readonly code: "wait_timeout";
  /** Where it is, with the last state that was seen. */
  readonly execution: ExecutionSummary;
  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number;
  /** The handle of the execution, to wait on or cancel it. */
  declare readonly handle: ExecutionReference;

  constructor(
    message: string,
    execution: ExecutionSummary,
    timeoutMs: number,
    handle: ExecutionReference,
    options: ArenaErrorOptions = {},
  ) {
    super("wait_timeout", message, options);
    this.execution = execution;
    this.timeoutMs = timeoutMs;
    // Not enumerable: an inspected error shows where the execution is, not the whole client behind it.
    Object.defineProperty(this, "handle", { value: handle, enumerable: false });
  }
}

/** The flow answered something else than its schema: it was edited, or the package and the flow differ. */
export class OutputError extends ArenaError {
  declare readonly code: "output";
  /** Where it came from. */
  readonly execution: ExecutionSummary;
  /** What does not fit. */
  readonly issues: readonly InputIssue[];

  constructor(execution: ExecutionSummary, issues: readonly InputIssue[]) {
    const what = issues.map(describeIssue).join("; ");
    super(
      "output",
      `The outputs of execution ${execution.executionId} of ${execution.namespace}.${execution.flowId} do not fit ` +
        `their schema: ${what}. Compare the deployed flow with the package's (flows.diff()) and deploy it again.`,
    );
    this.execution = execution;
    this.issues = issues;
  }
}
