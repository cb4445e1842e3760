import { isArenaError } from "../errors.ts";
import type { Execution } from "../index.ts";
import { eventStream, type StreamEvent } from "./event-stream.ts";
import { findExecution } from "./find-execution.ts";
import { defineRoute, type Route } from "./route.ts";
import { RouteError } from "./route-error.ts";

/** The id of the last event: a browser that comes again with it is told to stay away. */
const endId = "end";

/** `GET /executions/:id/follow` */
export const followRoute = (): Route => {
  let followers = 0;
  return defineRoute({
    name: "followExecution",
    method: "GET",
    path: "/executions/:id/follow",
    summary: "Follows an execution until it has ended, as server-sent events.",
    description:
      "For a browser's EventSource. `state` events come once for each state, with {executionId, current, at, isLast}; " +
      "one `end` event with {executionId, state} is the last, and the stream closes. Comments between them keep it open.",
    headers: {
      "Last-Event-ID": {
        description: "Set by browsers when they come again: what they have had is not sent twice.",
      },
    },
    answers: {
      200: { description: "The events.", contentType: "text/event-stream" },
      204: { description: "The caller has had the end already." },
    },
    errors: [404, 429],
    async handle({ id, request, services }) {
      const lastId = request.headers.get("last-event-id") ?? "";
      const { handle } = await findExecution(services, id, request.signal);
      // The one answer that keeps a browser from coming again.
      if (lastId === endId) return new Response(null, { status: 204 });
      const { maxFollowers, heartbeatMs } = services.settings;
      if (followers >= maxFollowers) throw tooMany();
      let isCounted = false;
      return eventStream(
        (signal) => {
          followers += 1;
          isCounted = true;
          return follow(handle, /^\d{1,6}$/.test(lastId) ? Number(lastId) : 0, signal);
        },
        {
          heartbeatMs,
          signal: request.signal,
          onClose() {
            if (isCounted) followers -= 1;
          },
        },
      );
    },
  });
};

async function* follow(
  handle: Execution<unknown>,
  alreadySent: number,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, undefined> {
  const executionId = handle.id;
  let number = 0;
  let last = "UNKNOWN";
  try {
    for await (const state of handle.states({ signal })) {
      number += 1;
      last = state.current;
      if (number > alreadySent) {
        yield { event: "state", id: String(number), data: { executionId, ...state } };
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    // The status was sent long ago, so this says what broke; the browser then comes again.
    yield { event: "failure", data: { executionId, ...describeFailure(error) } };
    return;
  }
  yield { event: "end", id: endId, data: { executionId, state: last } };
}

function describeFailure(error: unknown): { error: string; code: string } {
  const code = isArenaError(error) ? error.code : "internal";
  return { error: "The execution can no longer be followed. It may run on.", code };
}

function tooMany(): RouteError {
  const error = "Too many streams are open. Ask for GET /executions/:id now and then instead.";
  return new RouteError(429, { error, code: "too_many_followers" }, { "retry-after": "10" });
}
