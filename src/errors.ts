/**
 * Every error that the SDK throws on purpose is an {@link ArenaError}: a literal `code` to branch on and a message
 * that says what happened, where, and what to do next. None carries a credential; see `redact` in `kestra/redact.ts`.
 */

/** Marks an error across copies and versions of the package, where `instanceof` fails. */
const marker = Symbol.for("kestra-arena.error");

/** The `code` of each kind of {@link ArenaError}. Stable: a program may branch on it. */
export type ArenaErrorCode =
  | "input"
  | "config"
  | "authentication"
  | "not_found"
  | "conflict"
  | "kestra"
  | "connection"
  | "start_unknown"
  | "execution_failed"
  | "execution_killed"
  | "wait_timeout"
  | "output";

/** What every kind of {@link ArenaError} is made from. */
export interface ArenaErrorOptions {
  /** What led to it, itself free of credentials. */
  cause?: unknown;
}

/** The base of all errors that this package throws on purpose. */
export class ArenaError extends Error {
  /** The kind of error, stable across releases. */
  readonly code: ArenaErrorCode;

  constructor(code: ArenaErrorCode, message: string, options: ArenaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }
}

/**
 * True for an error of this package, whichever copy of it made the error.
 *
 * @param code - Narrows to one kind, as in `isArenaError(error, "wait_timeout")`.
 */
export function isArenaError(error: unknown, code?: ArenaErrorCode): error is ArenaError {
  if (typeof error !== "object" || error === null || !(marker in error)) return false;
  return code === undefined || (error as unknown as ArenaError).code === code;
}

/** One thing wrong with an input: where (`["agentCombinations", 3, "redAgentId"]`) and what. */
export interface InputIssue {
  /** Keys and indexes from the input's root to the value; empty for the whole input. */
  path: readonly (string | number)[];
  /** What is wrong, in words. */
  message: string;
}

/** The input is wrong. Thrown before anything is sent. */
export class InputError extends ArenaError {
  declare readonly code: "input";
  /** All that is wrong, not just the first. */
  readonly issues: readonly InputIssue[];

  constructor(subject: string, issues: readonly InputIssue[]) {
    super("input", `${subject}: ${issues.map(describeIssue).join("; ")}. Nothing was sent.`);
    this.issues = issues;
  }
}

/** An option or an environment variable is missing or wrong. Thrown before anything is sent. */
export class ConfigError extends ArenaError {
  declare readonly code: "config";

  constructor(message: string) {
    super("config", message);
  }
}

/** Which request an error is about: no headers, no body, no credentials. */
export interface RequestSummary {
  /** The HTTP method, in capitals. */
  method: string;
  /** The URL without user, password or query values that could be secret. */
  url: string;
}

/** What {@link KestraError} and its relatives know of an answer. */
export interface KestraErrorDetails extends ArenaErrorOptions {
  /** The HTTP status. */
  status: number;
  /** The request that was answered so. */
  request: RequestSummary;
  /** Kestra 2.x's problem slug (`entity-already-exists`), where it gave one. */
  problem?: string;
  /** Kestra's own words. */
  detail?: string;
  /** Kestra's id of a server fault, to search its log for. */
  traceId?: string;
  /** Kestra's list of what is wrong, when the answer had one. */
  errors?: readonly string[];
}

/** Kestra answered with an error that none of the more telling kinds covers. */
export class KestraError extends ArenaError {
  /** The HTTP status. */
  readonly status: number;
  /** The request that was answered so. */
  readonly request: RequestSummary;
  /** Kestra 2.x's problem slug, where it gave one. */
  readonly problem: string | undefined;
  /** Kestra's own words. */
  readonly detail: string | undefined;
  /** Kestra's id of a server fault. */
  readonly traceId: string | undefined;
  /** Kestra's list of what is wrong; empty when it gave none. */
  readonly errors: readonly string[];

  constructor(message: string, details: KestraErrorDetails, code: ArenaErrorCode = "kestra") {
    super(code, message, details);
    this.status = details.status;
    this.request = details.request;
    this.problem = details.problem;
    this.detail = details.detail;
    this.traceId = details.traceId;
    this.errors = details.errors ?? [];
  }
}

/** Kestra refused the credentials (401) or what they may do (403). Never retried. */
export class AuthenticationError extends KestraError {
  declare readonly code: "authentication";

  constructor(message: string, details: KestraErrorDetails) {
    super(message, details, "authentication");
  }
}

/** The flow, execution or file does not exist on this server, tenant and namespace. */
export class NotFoundError extends KestraError {
  declare readonly code: "not_found";

  constructor(message: string, details: KestraErrorDetails) {
    super(message, details, "not_found");
  }
}

/** What was asked does not fit the present state: it exists already, is disabled, or has ended. */
export class ConflictError extends KestraError {
  declare readonly code: "conflict";

  constructor(message: string, details: KestraErrorDetails) {
    super(message, details, "conflict");
  }
}

/**
 * No answer came: refused, reset, timed out, or not HTTP. It does not prove that the server did nothing.
 */
export class ConnectionError extends ArenaError {
  declare readonly code: "connection";
  /** The request that had no answer. */
  readonly request: RequestSummary;

  constructor(message: string, request: RequestSummary, options: ArenaErrorOptions = {}) {
    super("connection", message, options);
    this.request = request;
  }
}

/**
 * It could not be told whether the execution was started: the answer was lost and the look-up by its label failed too.
 * Nothing was sent twice. Call {@link StartUnknownError.reconcile} later, or look for the label in Kestra.
 */
export class StartUnknownError extends ArenaError {
  declare readonly code: "start_unknown";
  /** The label value (`arena.request`) by which the execution is found, if it exists. */
  readonly requestId: string;
  readonly #reconcile: () => Promise<unknown>;

  constructor(
    message: string,
    requestId: string,
    reconcile: () => Promise<unknown>,
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
  reconcile(): Promise<unknown> {
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
  declare readonly handle: unknown;

  constructor(
    message: string,
    execution: ExecutionSummary,
    timeoutMs: number,
    handle: unknown,
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

/** `agentCombinations[3].redAgentId: must be a UUID`. */
function describeIssue(issue: InputIssue): string {
  const path = issue.path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
