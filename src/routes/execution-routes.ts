import * as z from "zod";
import { lazy } from "../lazy.ts";
import { cancelAnswer, executionAnswer, logAnswer } from "./answers.ts";
import { describeExecution } from "./describe-execution.ts";
import { listExposed } from "./execution-list.ts";
import { findExecution } from "./find-execution.ts";
import { queryNumber } from "./read-request.ts";
import { defineRoute, type Route } from "./route.ts";

const listQuery = lazy(() =>
  z.strictObject({
    namespace: z.string().optional().meta({ description: "Of this namespace." }),
    flowId: z.string().optional().meta({ description: "Of this flow." }),
    limit: queryNumber(z.int().min(1).max(1_000)).default(100),
    page: queryNumber(z.int().min(1).max(1_000)).default(1),
  }),
);

const logQuery = lazy(() =>
  z.strictObject({
    minLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]).optional(),
    taskId: z.string().min(1).max(200).optional(),
  }),
);

/** How long a cancel waits for the end before it answers that Kestra is still at it. */
const cancelTimeoutMs = 10_000;

/** `/executions`, without its stream and its result. */
export const executionRoutes = (): Route[] => [
  defineRoute<z.infer<ReturnType<typeof listQuery>>>({
    name: "listExecutions",
    method: "GET",
    path: "/executions",
    summary: "The executions of the arena's flows, newest first.",
    query: listQuery,
    answers: {
      200: {
        description: "One page of them.",
        schema: () => z.array(executionAnswer()),
        headers: {
          "X-Total-Count": "How many there are on all pages.",
          Link: 'The next page, as <…>; rel="next", where there is one.',
        },
      },
    },
    errors: [404],
    handle: ({ request, query, services }) => listExposed(services, query, request),
  }),
  defineRoute({
    name: "getExecution",
    method: "GET",
    path: "/executions/:id",
    summary: "An execution as it is now.",
    answers: { 200: { description: "The execution.", schema: executionAnswer } },
    errors: [404],
    async handle({ id, request, services }) {
      const { execution } = await findExecution(services, id, request.signal);
      return Response.json(describeExecution(services.arena, execution));
    },
  }),
  defineRoute<z.infer<ReturnType<typeof logQuery>>>({
    name: "getExecutionLogs",
    method: "GET",
    path: "/executions/:id/logs",
    summary: "An execution's log so far, oldest line first.",
    query: logQuery,
    answers: { 200: { description: "Its lines.", schema: () => z.array(logAnswer()) } },
    errors: [404],
    async handle({ id, query, request: { signal }, services }) {
      const { handle } = await findExecution(services, id, signal);
      const lines: z.infer<ReturnType<typeof logAnswer>>[] = [];
      for await (const { timestamp, level, message, taskId } of handle.logs({ ...query, signal })) {
        const text = services.arena.kestra.redact(message);
        lines.push({ timestamp, level, message: text, ...(taskId !== undefined && { taskId }) });
      }
      return Response.json(lines);
    },
  }),
  defineRoute({
    name: "cancelExecution",
    method: "POST",
    path: "/executions/:id/cancel",
    summary: "Kills an execution with all that it started.",
    answers: {
      200: { description: "It has ended.", schema: cancelAnswer },
      202: { description: "Kestra was told, and is still at it.", schema: cancelAnswer },
    },
    errors: [404, 409],
    async handle({ id, request, services }) {
      const { handle } = await findExecution(services, id, request.signal);
      const result = await handle.cancel({ timeoutMs: cancelTimeoutMs });
      return Response.json({ executionId: id, ...result }, { status: result.hasEnded ? 200 : 202 });
    },
  }),
];
