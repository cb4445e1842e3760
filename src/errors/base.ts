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
  | "output"
  | "dataset"
  | "deploy";

/** Literal, because a bundler may rename the classes. */
const names: Record<ArenaErrorCode, string> = {
  input: "InputError",
  config: "ConfigError",
  authentication: "AuthenticationError",
  not_found: "NotFoundError",
  conflict: "ConflictError",
  kestra: "KestraError",
  connection: "ConnectionError",
  start_unknown: "StartUnknownError",
  execution_failed: "ExecutionFailedError",
  execution_killed: "ExecutionKilledError",
  wait_timeout: "WaitTimeoutError",
  output: "OutputError",
  dataset: "DatasetError",
  deploy: "DeployError",
};

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
    this.name = names[code];
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }
}

/** True for an error of this package, whichever copy of it made the error. */
export function isMarked(error: unknown): error is ArenaError {
  return typeof error === "object" && error !== null && marker in error;
}
