import { isArenaError, type KestraError } from "../errors.ts";
import type { RouteSettings } from "./options.ts";
import { isReading } from "./read-request.ts";
import { type ErrorBody, RouteError } from "./route-error.ts";

/** nginx's word for a caller that did not wait; no standard has one. */
const clientClosedRequest = 499;

/**
 * The answer for whatever was thrown. Kestra's own 401 becomes a 502, as it is the backend that was refused and not the
 * caller. Nothing here tells where Kestra is or how it was called: that is for `onError`.
 */
export function answerFailure(error: unknown, request: Request, settings: RouteSettings): Response {
  // A caller that hung up reads no answer, and nothing has failed: there is nothing to report.
  if (request.signal.aborted && error === request.signal.reason) {
    return new Response(null, { status: clientClosedRequest });
  }
  const answer = error instanceof RouteError ? error : toRouteError(error, !isReading(request));
  if (answer.status >= 500) report(answer.cause ?? error, answer, request, settings);
  return answer.toResponse();
}

/**
 * The answer that an error of the client comes to.
 *
 * @param isChange - Of a request that only reads, Kestra refuses nothing that its sender could put right.
 */
export function toRouteError(error: unknown, isChange: boolean): RouteError {
  if (!isArenaError(error)) return unexpected();
  if (isArenaError(error, "input")) {
    return new RouteError(400, {
      error: "Validation error",
      code: "input",
      details: error.issues,
    });
  }
  if (isArenaError(error, "authentication")) {
    return failure(502, error.code, "Kestra refused the backend's own credentials.");
  }
  if (isArenaError(error, "not_found")) {
    return failure(404, error.code, say("Kestra has nothing of this name", error.detail));
  }
  if (isArenaError(error, "conflict") && isChange) {
    return failure(409, error.code, say("Kestra cannot do this now", error.detail));
  }
  if (isArenaError(error, "connection")) {
    return error.isTimeout
      ? failure(504, "timeout", "Kestra did not answer in time. It may still do what was asked.")
      : failure(502, error.code, "Kestra cannot be reached from the backend.");
  }
  if (isArenaError(error, "start_unknown")) {
    const text =
      "It is not known whether the run was started: Kestra's answer was lost. Ask again with the same Idempotency-Key.";
    return failure(504, error.code, text);
  }
  if (isArenaError(error, "wait_timeout")) {
    return failure(504, error.code, "It has not ended in time. It runs on.");
  }
  if (isArenaError(error, "kestra") || isArenaError(error, "conflict")) {
    return fromKestra(error, isChange);
  }
  if (isArenaError(error, "deploy")) {
    return failure(502, error.code, "Kestra did not take the flow.");
  }
  return unexpected();
}

function fromKestra(error: KestraError, isChange: boolean): RouteError {
  const { status, detail, errors, retryAfterMs = 5_000 } = error;
  if (status === 422 && isChange) {
    const texts = errors.length > 0 ? errors : [detail ?? "Kestra refused it"];
    const details = texts.map((message) => ({ path: [], message }));
    return new RouteError(400, { error: "Validation error", code: "input", details });
  }
  if (status === 410) return failure(404, "not_found", say("It is gone", detail));
  if (status === 429 || status === 503) {
    return new RouteError(
      status,
      { error: `Kestra is too busy (${status}). Try again later.`, code: "kestra" },
      { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) },
    );
  }
  if (status === 504) {
    return failure(
      504,
      "timeout",
      "Kestra did not answer in time. It may still do what was asked.",
    );
  }
  return failure(502, "kestra", `Kestra answered ${status}, which the backend did not expect.`);
}

function failure(status: number, code: string, error: string): RouteError {
  return new RouteError(status, { error, code } satisfies ErrorBody);
}

function unexpected(): RouteError {
  return failure(500, "internal", "The backend failed. Its log says more.");
}

function say(what: string, detail: string | undefined): string {
  if (detail === undefined || detail === "") return `${what}.`;
  return `${what}: ${detail}${/[.!?]$/.test(detail) ? "" : "."}`;
}

function report(
  error: unknown,
  answer: RouteError,
  request: Request,
  { onError, arena }: RouteSettings,
): void {
  if (onError !== undefined) {
    try {
      onError(error, request);
      return;
    } catch {
      // A listener that throws must not lose the answer.
    }
  }
  if (answer.status !== 500) return;
  // A stack is for what nobody expected.
  const isExpected = error instanceof RouteError || !(error instanceof Error);
  const text = isExpected ? String(error) : (error.stack ?? error.message);
  console.error(arena.kestra.redact(text));
}
