/**
 * Every error that the SDK throws on purpose is an {@link ArenaError}: a literal `code` to branch on and a message
 * that says what happened, where, and what to do next. None carries a credential; see `redact` in `kestra/redact.ts`.
 */

import { type ArenaError, type ArenaErrorCode, isMarked } from "./errors/base.ts";
import type { DatasetError } from "./errors/dataset-errors.ts";
import type { DeployError } from "./errors/deploy-error.ts";
import type {
  ExecutionFailedError,
  ExecutionKilledError,
  OutputError,
  StartUnknownError,
  WaitTimeoutError,
} from "./errors/execution-errors.ts";
import type { ConfigError, InputError } from "./errors/input-errors.ts";
import type {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  KestraError,
  NotFoundError,
} from "./errors/request-errors.ts";

export { ArenaError, type ArenaErrorCode, type ArenaErrorOptions } from "./errors/base.ts";
export { DatasetError, type RowProblem } from "./errors/dataset-errors.ts";
export {
  DeployError,
  type FlowDeployment,
  type UndeployedFlow,
} from "./errors/deploy-error.ts";
export {
  ExecutionFailedError,
  ExecutionKilledError,
  type ExecutionReference,
  type ExecutionSummary,
  type FailureDetails,
  OutputError,
  StartUnknownError,
  WaitTimeoutError,
} from "./errors/execution-errors.ts";
export { ConfigError, InputError, type InputIssue } from "./errors/input-errors.ts";
export {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  KestraError,
  type KestraErrorDetails,
  NotFoundError,
  type RequestSummary,
} from "./errors/request-errors.ts";

/** Which class of error has which `code`. */
export interface ArenaErrorByCode {
  /** Bad input. */
  input: InputError;
  /** Bad options or environment. */
  config: ConfigError;
  /** 401 or 403. */
  authentication: AuthenticationError;
  /** 404. */
  not_found: NotFoundError;
  /** 409, or a key that is taken. */
  conflict: ConflictError;
  /** Any other error answer of Kestra. */
  kestra: KestraError;
  /** No answer. */
  connection: ConnectionError;
  /** A start that may have happened. */
  start_unknown: StartUnknownError;
  /** A failed execution. */
  execution_failed: ExecutionFailedError;
  /** A killed or cancelled execution. */
  execution_killed: ExecutionKilledError;
  /** A wait that ran out. */
  wait_timeout: WaitTimeoutError;
  /** Outputs that do not fit. */
  output: OutputError;
  /** A deployment that was not carried out, or not to its end. */
  deploy: DeployError;
  /** A dataset that cannot be built, read or converted. */
  dataset: DatasetError;
}

/** True for an error of this package, whichever copy of it made the error. */
export function isArenaError(error: unknown): error is ArenaError;
/**
 * True for one kind of this package's errors, whichever copy of it made the error.
 *
 * @param code - The kind, as in `isArenaError(error, "wait_timeout")`.
 */
export function isArenaError<Code extends ArenaErrorCode>(
  error: unknown,
  code: Code,
): error is ArenaErrorByCode[Code];
export function isArenaError(error: unknown, code?: ArenaErrorCode): boolean {
  return isMarked(error) && (code === undefined || error.code === code);
}
