import { isArenaError } from "../errors.ts";
import type { KestraArenaClient } from "../index.ts";
import { healthAnswer } from "./answers.ts";
import { openApiDocument } from "./openapi.ts";
import { defineRoute, type Route } from "./route.ts";

type Kestra = "ok" | "unreachable" | "credentials_refused" | "failing";

/** How old an answer about Kestra's health may be: the route is open, and must not be a lever on Kestra. */
const freshMs = 2_000;
const probeTimeoutMs = 5_000;

/** `/health` and `/openapi.json`, open to everybody: they tell nothing that the package's documentation does not. */
export const aboutRoutes = (): Route[] => {
  let latest: { at: number; kestra: Promise<Kestra> } | undefined;
  return [
    defineRoute({
      name: "getHealth",
      method: "GET",
      path: "/health",
      summary: "Whether Kestra can be used from the backend.",
      access: "open",
      answers: {
        200: { description: "It can.", schema: healthAnswer },
        503: { description: "It cannot.", schema: healthAnswer },
      },
      async handle({ services: { arena } }) {
        if (latest === undefined || performance.now() - latest.at > freshMs) {
          latest = { at: performance.now(), kestra: probe(arena) };
        }
        const kestra = await latest.kestra;
        const status = kestra === "ok" ? "ok" : "unavailable";
        return Response.json({ status, kestra }, { status: kestra === "ok" ? 200 : 503 });
      },
    }),
    defineRoute({
      name: "getOpenApi",
      method: "GET",
      path: "/openapi.json",
      summary: "This document.",
      access: "open",
      answers: { 200: { description: "An OpenAPI 3.1 document." } },
      async handle({ services: { routes, settings } }) {
        return Response.json(openApiDocument(routes, settings));
      },
    }),
  ];
};

async function probe(arena: KestraArenaClient): Promise<Kestra> {
  const { namespace } = arena.options;
  try {
    await arena.kestra.executions.search({ namespace }, { size: 1, timeoutMs: probeTimeoutMs });
    return "ok";
  } catch (error) {
    if (isArenaError(error, "authentication")) return "credentials_refused";
    return isArenaError(error, "connection") ? "unreachable" : "failing";
  }
}
