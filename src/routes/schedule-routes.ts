import * as z from "zod";
import { isArenaError } from "../errors.ts";
import type { MatchSchedule, MonitorSchedule } from "../index.ts";
import { mapAtATime } from "../map-at-a-time.ts";
import { scheduleAnswer, scheduledAnswer } from "./answers.ts";
import { monitoringBody, scheduledBody } from "./bodies.ts";
import { toRouteError } from "./failures.ts";
import { readKey } from "./read-request.ts";
import { defineRoute, type Route, type RouteServices } from "./route.ts";
import { noSuch, RouteError } from "./route-error.ts";
import { describeStart, idempotencyKey } from "./trigger-routes.ts";

/** How many of the next runs are told. */
const toldRuns = 5;

/** So many schedules are looked at at a time, each by two requests. */
const readsAtATime = 8;

type AnySchedule = MatchSchedule | MonitorSchedule;

const scheduleTrigger = <Body extends { runNow?: boolean | undefined }>(
  route: Pick<Route<undefined, Body>, "name" | "path" | "summary" | "body"> & {
    put(services: RouteServices, body: Omit<Body, "runNow">): Promise<AnySchedule>;
  },
): Route => {
  const { put, ...rest } = route;
  return defineRoute<undefined, Body>({
    ...rest,
    method: "POST",
    description:
      "The Idempotency-Key is the first run's. Putting the same schedule again changes nothing.",
    headers: idempotencyKey,
    answers: {
      202: {
        description: "It is in place, and its first run was started.",
        schema: scheduledAnswer,
      },
    },
    errors: [404, 409],
    async handle({ request, body, services }) {
      const { runNow = true, ...input } = body;
      const key = readKey(request);
      const schedule = await put(services, input);
      const told = describeTimes(schedule);
      if (!runNow) return Response.json(told, { status: 202 });
      const execution = await firstRun(schedule, key);
      return Response.json({ ...told, ...describeStart(execution) }, { status: 202 });
    },
  });
};

async function firstRun(schedule: AnySchedule, key: string | undefined) {
  try {
    return await schedule.trigger({}, { key });
  } catch (error) {
    const { status, body, headers } = toRouteError(error, true);
    const text = `The schedule ${schedule.id} is in place, but its first run was not started: ${body.error}`;
    throw new RouteError(status, { ...body, error: text }, headers, error);
  }
}

function describeTimes(schedule: AnySchedule) {
  const { id: scheduleId, flowId, cron: cronExpression, timezone, description } = schedule;
  const nextRuns = schedule.nextRuns(toldRuns).map((date) => date.toISOString());
  return { scheduleId, flowId, cronExpression, timezone, description, nextRuns };
}

async function describeSchedule(schedule: AnySchedule, signal: AbortSignal) {
  const [{ isPaused }, lastRun] = await Promise.all([
    schedule.status({ signal }),
    schedule.lastRun({ signal }),
  ]);
  const { kind, targetAgentId } = schedule;
  const { executionId, state, startedAt } = lastRun ?? {};
  return {
    ...describeTimes(schedule),
    kind,
    isPaused,
    ...(targetAgentId !== undefined && { targetAgentId }),
    ...(lastRun !== undefined && {
      lastRun: { executionId, state, ...(startedAt && { startedAt: startedAt.toISOString() }) },
    }),
  };
}

/** Somebody may delete a schedule between the list and the look at it. */
function undefinedIfGone(error: unknown): undefined {
  if (!isArenaError(error, "not_found")) throw error;
}

/** The triggers that put a schedule in place, and `/schedules`. */
export const scheduleRoutes = (): Route[] => [
  scheduleTrigger({
    name: "triggerScheduled",
    path: "/trigger/scheduled",
    summary: "Plays matches on a schedule, and a first time at once.",
    body: scheduledBody,
    put: ({ arena }, { cronExpression }) => arena.scheduleMatches({ cronExpression }),
  }),
  scheduleTrigger({
    name: "triggerMonitoring",
    path: "/trigger/monitoring",
    summary: "Checks a target again and again, and a first time at once.",
    body: monitoringBody,
    put: ({ arena }, { targetAgentId, intervalMinutes }) =>
      arena.monitorTarget({ targetAgentId, intervalMinutes }),
  }),
  defineRoute({
    name: "listSchedules",
    method: "GET",
    path: "/schedules",
    summary: "The schedules that are in place.",
    answers: { 200: { description: "All of them.", schema: () => z.array(scheduleAnswer()) } },
    async handle({ request: { signal }, services: { arena } }) {
      const schedules = await arena.schedules.list({ signal });
      const told = await mapAtATime(schedules, readsAtATime, (schedule) =>
        describeSchedule(schedule, signal).catch(undefinedIfGone),
      );
      return Response.json(told.filter((schedule) => schedule !== undefined));
    },
  }),
  defineRoute({
    name: "deleteSchedule",
    method: "DELETE",
    path: "/schedules/:id",
    summary: "Ends a schedule. What runs already runs on.",
    answers: { 204: { description: "It is gone." } },
    errors: [404, 409],
    async handle({ id, services: { arena } }) {
      const schedule = await arena.schedules.get(id).catch((error: unknown) => {
        // An id that could be none is as little there as one that is not.
        const isMissing = isArenaError(error, "not_found") || isArenaError(error, "input");
        throw isMissing ? noSuch("schedule", id) : error;
      });
      await schedule.delete();
      return new Response(null, { status: 204 });
    },
  }),
];
