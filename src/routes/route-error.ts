import type { InputIssue } from "../errors.ts";

/** What every answer from 400 on holds. */
export interface ErrorBody {
  /** What is wrong, in words. */
  error: string;
  /** What kind, stable across releases. */
  code: string;
  /** Everything that is wrong with the request, and where; with "Validation error". */
  details?: readonly InputIssue[];
}

/** An answer of a status from 400 on, thrown from wherever it turns out to be due. */
export class RouteError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  /** @param cause - What led to it, for the backend's own log. */
  constructor(
    status: number,
    body: ErrorBody,
    headers: Readonly<Record<string, string>> = {},
    cause?: unknown,
  ) {
    super(body.error, cause === undefined ? undefined : { cause });
    this.name = "RouteError";
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  /** The answer. */
  toResponse(): Response {
    return Response.json(this.body, { status: this.status, headers: this.headers });
  }
}

/** 400: the request is not what the route takes. */
export function invalidRequest(details: readonly InputIssue[]): RouteError {
  return new RouteError(400, { error: "Validation error", code: "input", details });
}

/** 404: it is not there, or not for the callers of these routes. */
export function notFound(what: string): RouteError {
  return new RouteError(404, { error: what, code: "not_found" });
}

/** 404 for an id that nothing has here. It is the caller's own text: a long one is not repeated in full. */
export function noSuch(kind: "execution" | "flow" | "schedule", id: string): RouteError {
  return notFound(`There is no ${kind} ${JSON.stringify(id.slice(0, 100))} here.`);
}
