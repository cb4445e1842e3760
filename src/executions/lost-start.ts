import { ConnectionError, isArenaError, KestraError } from "../errors.ts";
import { sleep, startDeadline } from "../kestra/deadline.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import type { ExecutionContext } from "./context.ts";
import { arenaLabels } from "./labels.ts";

/** One start, by the label that it carries. */
export interface StartRequest {
  readonly namespace: string;
  readonly flowId: string;
  readonly requestId: string;
}

/** What looking for a start told. `unreachable` is not `absent`. */
export type LookUp =
  | { kind: "found"; execution: KestraExecution }
  | { kind: "absent" }
  | { kind: "unreachable"; error: unknown };

/**
 * Looks for the execution of one start by its label, again and again until it is there or the window has passed: the
 * index may lag behind the write, and 2.x answers a 504 while it is still storing.
 *
 * @throws AuthenticationError, and the signal's reason.
 */
export async function lookUp(
  context: ExecutionContext,
  { namespace, flowId, requestId }: StartRequest,
  windowMs: number,
  signal: AbortSignal | undefined,
): Promise<LookUp> {
  const labels = { [arenaLabels.request]: requestId };
  const deadline = startDeadline(windowMs, signal);
  let last: LookUp = { kind: "unreachable", error: new Error("there was no time to look for it") };
  try {
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      try {
        const { results } = await context.kestra.executions.search(
          { namespace, flowId, labels, level: "main" },
          { order: "oldest", size: 2, signal: deadline.signal, retry: false },
        );
        const [execution] = results;
        if (execution !== undefined) return { kind: "found", execution };
        last = { kind: "absent" };
      } catch (error) {
        signal?.throwIfAborted();
        if (isArenaError(error, "authentication")) throw error;
        if (!deadline.hasExpired) last = { kind: "unreachable", error };
      }
      if (deadline.leftMs <= pauseMs) return last;
      await sleep(pauseMs, deadline.signal);
    }
  } finally {
    deadline.clear();
  }
}

/** Nothing was sent, so nothing can have started. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** True for a failure that says nothing about whether the execution was started. */
export function toldNothing(error: unknown): boolean {
  if (error instanceof ConnectionError) return !neverSent.has(causeCode(error));
  if (!(error instanceof KestraError)) return false;
  // A 200 that cannot be read was a start all the same; proxies answer 5xx for a server that got the request.
  const { status } = error;
  return status < 300 || status === 408 || status === 429 || status >= 500;
}

/**
 * For how long a server that turned a start away asks to be left alone; `undefined` for a failure that is no such
 * refusal. A 503 alone is none: proxies also give it when the connection broke after the request was passed on.
 */
export function refusedForMs(error: unknown): number | undefined {
  if (!(error instanceof KestraError)) return undefined;
  if (error.status === 429) return error.retryAfterMs ?? 1_000;
  return error.status === 503 ? error.retryAfterMs : undefined;
}

function causeCode(error: ConnectionError): string {
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
