import { messageOf } from "../errors/message-of.ts";
import {
  ArenaError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  KestraError,
  type KestraErrorDetails,
  NotFoundError,
} from "../errors.ts";
import type { OutgoingRequest } from "./outgoing.ts";
import { readProblem } from "./problem.ts";
import type { Redact } from "./redact.ts";

/**
 * The error for what fetch threw. What it threw is not kept, not even as a cause: it may hold the request with its
 * headers.
 */
export function connectionError(error: unknown, outgoing: OutgoingRequest): ArenaError {
  if (error instanceof ArenaError) return error;
  const request = outgoing.summary;
  const cause = plainCause(error, (text) => outgoing.redact(text));
  const hint =
    hints[cause.code ?? ""] ??
    "Check KESTRA_URL, and that Kestra runs and can be reached from here";
  const why = cause.code === undefined ? cause.message : `${cause.message}, ${cause.code}`;
  const message = `Cannot reach Kestra (${request.method} ${request.url}): ${why}. ${hint}.`;
  return new ConnectionError(message, request, { cause });
}

/** The error for a call whose time was up. @param last - What its last try came to, when it was tried again. */
export function outOfTime(
  { summary: request }: OutgoingRequest,
  timeoutMs: number,
  last: ArenaError | undefined,
): ConnectionError {
  const tried = last === undefined ? "" : ` The last try: ${last.message}`;
  const message =
    `No answer from Kestra within ${timeoutMs} ms (${request.method} ${request.url}). The server may still have done ` +
    `what was asked.${tried}`;
  const cause = last === undefined ? {} : { cause: last };
  return new ConnectionError(message, request, { ...cause, isTimeout: true });
}

/** The error for an answer of status 200 that is not what the API promises. @param what - What does not fit. */
export function unreadableAnswer(
  outgoing: OutgoingRequest,
  response: Response,
  what: string,
): KestraError {
  const request = outgoing.summary;
  const type = response.headers.get("content-type") ?? "no content type";
  const message =
    `${request.method} ${request.url} answered ${response.status} (${type}) with something else than Kestra's API ` +
    `gives (${outgoing.redact(what)}). Check that KESTRA_URL points at Kestra and not at a proxy's own page.`;
  return new KestraError(message, { status: response.status, request });
}

/** The error for an answer that is an error, or that sends us elsewhere. */
export function answerError(
  response: Response,
  body: string,
  outgoing: OutgoingRequest,
): KestraError {
  const { status } = response;
  const request = outgoing.summary;
  const redact: Redact = (text) => outgoing.redact(text);
  const problem = readProblem(body, redact);
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"));
  const details: KestraErrorDetails = {
    status,
    request,
    errors: problem.errors,
    ...(problem.slug !== undefined && { problem: problem.slug }),
    ...(problem.detail !== undefined && { detail: problem.detail }),
    ...(problem.traceId !== undefined && { traceId: problem.traceId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  const where = `${request.method} ${request.url}`;
  const said = problem.detail === undefined ? "" : `: ${problem.detail}`;
  const more = problem.errors.filter((text) => text !== problem.detail).slice(0, 5);
  const list = more.length === 0 ? "" : ` (${more.join("; ")})`;
  if (status >= 300 && status < 400) {
    const location = redact(response.headers.get("location") ?? "nowhere");
    const message = `Kestra's address answered ${status} (${where}): it sends on to ${location}. Set KESTRA_URL to where Kestra's API is.`;
    return new KestraError(message, details);
  }
  if (status === 401) {
    const message = `Kestra refused the credentials (401, ${where})${said}. Set KESTRA_USERNAME and KESTRA_PASSWORD, or KESTRA_API_KEY on Kestra Enterprise.`;
    return new AuthenticationError(message, details);
  }
  if (status === 403) {
    const message = `Kestra does not allow this (403, ${where})${said}. Ask for the permission, or check the tenant: on Enterprise a route that does not exist answers 403 too.`;
    return new AuthenticationError(message, details);
  }
  if (status === 404) return new NotFoundError(`Not found (404, ${where})${said}.`, details);
  if (status === 409) return new ConflictError(`Conflict (409, ${where})${said}${list}.`, details);
  const trace =
    problem.traceId === undefined ? "" : ` Search Kestra's log for trace ${problem.traceId}.`;
  return new KestraError(`Kestra answered ${status} (${where})${said}${list}.${trace}`, details);
}

/** Seconds or a date, in milliseconds from now; `undefined` when it is neither. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** The innermost cause with a code, as an error of ours: name, message and code, nothing else. */
function plainCause(error: unknown, redact: Redact): Error & { code?: string } {
  let innermost: unknown = error;
  for (let depth = 0; depth < 5; depth += 1) {
    const next: unknown = innermost instanceof Error ? innermost.cause : undefined;
    if (!(next instanceof Error)) break;
    innermost = next;
  }
  const cause: Error & { code?: string } = new Error(redact(messageOf(innermost) || "failed"));
  const code = innermost instanceof Error && "code" in innermost ? innermost.code : undefined;
  if (typeof code === "string") cause.code = code;
  return cause;
}

const hints: Record<string, string> = {
  ECONNREFUSED: "Nothing listens there: start Kestra, or set KESTRA_URL to where it runs",
  ENOTFOUND: "The host name is not known: check KESTRA_URL",
  EAI_AGAIN: "The host name could not be looked up: check KESTRA_URL and the network",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate is not trusted: set NODE_EXTRA_CA_CERTS",
  SELF_SIGNED_CERT_IN_CHAIN: "The certificate is not trusted: set NODE_EXTRA_CA_CERTS",
};
