import type { Execution, KestraArenaClient } from "../index.ts";
import { startedAnswer } from "./answers.ts";
import { batchBody, datasetBody, fineTuneBody, matchBody } from "./bodies.ts";
import { keyPattern, readKey } from "./read-request.ts";
import { defineRoute, type Route } from "./route.ts";

/** The header by which a start is never made twice. */
export const idempotencyKey = {
  "Idempotency-Key": {
    description:
      "The caller's own name for this piece of work. Two requests of one flow with one key are one run.",
    pattern: keyPattern,
  },
};

/** What the routes that start a flow have in common. */
const trigger = <Body>(
  route: Pick<Route<undefined, Body>, "name" | "path" | "summary" | "body" | "description"> & {
    start(
      arena: KestraArenaClient,
      body: Body,
      options: { key: string | undefined },
    ): Promise<Execution<unknown>>;
  },
): Route => {
  const { start, ...rest } = route;
  return defineRoute<undefined, Body>({
    ...rest,
    method: "POST",
    headers: idempotencyKey,
    answers: { 202: { description: "It was started.", schema: startedAnswer } },
    errors: [404, 409],
    async handle({ request, body, services }) {
      // Not with the request's signal: a caller that hangs up has asked for it all the same.
      const execution = await start(services.arena, body, { key: readKey(request) });
      return Response.json(describeStart(execution), { status: 202 });
    },
  });
};

/** What is answered of an execution that was started. */
export function describeStart(execution: Execution<unknown>) {
  const { id: executionId, flowId, namespace, url, started, lastState: state } = execution;
  return { executionId, flowId, namespace, url, state, started };
}

/** `POST /trigger/…` of the flows that are started directly. */
export const triggerRoutes = (): Route[] => [
  trigger({
    name: "triggerMatch",
    path: "/trigger/match",
    summary: "Plays one match.",
    body: matchBody,
    start: (arena, body, options) => arena.runMatch(body, options),
  }),
  trigger({
    name: "triggerBatchEvaluation",
    path: "/trigger/batch-evaluation",
    summary: "Plays every combination of agents so many times.",
    body: batchBody,
    start: (arena, body, options) => arena.evaluateBatch(body, options),
  }),
  trigger({
    name: "triggerDataset",
    path: "/trigger/dataset",
    summary: "Makes a training dataset out of finished matches.",
    body: datasetBody,
    start: (arena, body, options) => arena.generateDataset(body, options),
  }),
  trigger({
    name: "triggerFineTune",
    path: "/trigger/fine-tune",
    summary: "Fine-tunes an agent on its own matches, and compares it with the original.",
    body: fineTuneBody,
    start: (arena, body, options) => arena.fineTuneAgent(body, options),
  }),
];
