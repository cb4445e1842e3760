import { ArenaError, type ArenaErrorCode, type ArenaErrorOptions } from "./base.ts";

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
  /** For how long the server asked to be left alone, in milliseconds. */
  retryAfterMs?: number;
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
  /** For how long the server asked to be left alone (`Retry-After`), in milliseconds; `undefined` when it did not. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: KestraErrorDetails, code: ArenaErrorCode = "kestra") {
    super(code, message, details);
    this.status = details.status;
    this.request = details.request;
    this.problem = details.problem;
    this.detail = details.detail;
    this.traceId = details.traceId;
    this.errors = details.errors ?? [];
    this.retryAfterMs = details.retryAfterMs;
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
  /** True when the time was up; the server may have been at it still. False when the connection failed. */
  readonly isTimeout: boolean;

  /** @param options - `isTimeout` is false unless given. */
  constructor(
    message: string,
    request: RequestSummary,
    options: ArenaErrorOptions & { isTimeout?: boolean } = {},
  ) {
    super("connection", message, options);
    this.request = request;
    this.isTimeout = options.isTimeout ?? false;
  }
}
