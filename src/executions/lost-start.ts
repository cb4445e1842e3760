import { ArenaError, isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import type { ExecutionContext } from "./context.ts";
import { arenaLabels } from "./labels.ts";

/**
 * For how long a start whose answer was lost is looked for. The index may lag behind the write: measured, a label was
 * found by the first search after the create, at most 186 ms later. 2.x answers a 504 while it is still storing.
 */
const lookUpMs = 5_000;

/** What looking for a start told. `unreachable` is not `absent`. */
export type LookUp =
  | { kind: "found"; execution: KestraExecution }
  | { kind: "absent" }
  | { kind: "unreachable"; error: unknown };

/** Looks for the execution of one start by its label, again and again until it is there or the window has passed. */
export async function lookUp(
  context: ExecutionContext,
  request: { namespace: string; flowId: string; requestId: string },
  signal: AbortSignal | undefined,
): Promise<LookUp> {
  const { namespace, flowId, requestId } = request;
  const labels = { [arenaLabels.request]: requestId };
  const until = performance.now() + lookUpMs;
  let last: LookUp = { kind: "absent" };
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    try {
      const { results } = await context.kestra.executions.search(
        { namespace, flowId, labels },
        { order: "oldest", size: 2, signal, timeoutMs: lookUpMs },
      );
      const [execution] = results;
      if (execution !== undefined) return { kind: "found", execution };
      last = { kind: "absent" };
    } catch (error) {
      signal?.throwIfAborted();
      if (isArenaError(error, "authentication")) throw error;
      last = { kind: "unreachable", error };
    }
    if (performance.now() + pauseMs >= until) return last;
    await sleep(pauseMs, signal);
  }
}

/** Nothing was sent, so nothing can have started. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** True for a failure that says nothing about whether the execution was started. */
export function toldNothing(error: unknown): boolean {
  if (!(error instanceof ArenaError)) return false;
  if (isArenaError(error, "connection")) return !neverSent.has(causeCode(error));
  const status = "status" in error ? error.status : undefined;
  if (typeof status !== "number") return false;
  // A 200 that cannot be read was a start all the same; proxies answer 5xx for a server that got the request.
  return status < 300 || status === 408 || status === 429 || status >= 500;
}

/** True for an answer that says that the server did not take the request. */
export function wasRefused(error: unknown): boolean {
  if (!(error instanceof ArenaError) || !("status" in error)) return false;
  return error.status === 429 || error.status === 503;
}

function causeCode(error: ArenaError): string {
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
