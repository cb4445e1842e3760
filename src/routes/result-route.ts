import * as z from "zod";
import { isArenaError } from "../errors.ts";
import type { Outcome } from "../index.ts";
import { isTerminal } from "../kestra/states.ts";
import { lazy } from "../lazy.ts";
import { pendingAnswer, resultAnswer } from "./answers.ts";
import { findExecution } from "./find-execution.ts";
import { queryNumber } from "./read-request.ts";
import { defineRoute, type Route } from "./route.ts";

const query = lazy(() =>
  z.strictObject({
    waitSeconds: queryNumber(z.number().min(0).max(60)).default(0).meta({
      description: "How long the answer may wait for the end.",
    }),
  }),
);

/** `GET /executions/:id/result` */
export const resultRoute = (): Route =>
  defineRoute<z.infer<ReturnType<typeof query>>>({
    name: "getExecutionResult",
    method: "GET",
    path: "/executions/:id/result",
    summary: "What an execution came to: its result, or why there is none.",
    query,
    answers: {
      200: { description: "It has ended, well or not: see ok.", schema: resultAnswer },
      202: { description: "It has not ended. Ask again.", schema: pendingAnswer },
    },
    errors: [404],
    async handle({ id, query: { waitSeconds }, request: { signal }, services }) {
      const { execution, handle } = await findExecution(services, id, signal);
      const base = { executionId: id, flowId: execution.flowId };
      const pending = (state: string) =>
        Response.json({ ...base, state }, { status: 202, headers: { "retry-after": "1" } });
      const { current } = execution.state;
      if (waitSeconds === 0 && !isTerminal(current)) return pending(current);
      try {
        // An execution that has ended is read within the client's own time for a request.
        const timeoutMs = isTerminal(current) ? undefined : waitSeconds * 1_000;
        const outcome = await handle.outcome({ signal, timeoutMs });
        return Response.json({ ...base, ...describe(outcome) });
      } catch (error) {
        if (!isArenaError(error, "wait_timeout")) throw error;
        return pending(error.execution.state);
      }
    },
  });

function describe(outcome: Outcome<unknown>) {
  const { state } = outcome;
  if (outcome.ok) return { state, ok: true, result: outcome.result };
  const { code, message } = outcome.error;
  const { taskId, reason } = "reason" in outcome.error ? outcome.error : {};
  return {
    state,
    ok: false,
    error: {
      code,
      message,
      ...(taskId !== undefined && { taskId }),
      ...(reason !== undefined && { reason }),
    },
  };
}
