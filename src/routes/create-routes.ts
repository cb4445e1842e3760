import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import type { KestraArenaClient } from "../index.ts";
import { ExposedFlows } from "./exposed-flows.ts";
import { answerFailure } from "./failures.ts";
import { admit } from "./guards.ts";
import { openApiDocument } from "./openapi.ts";
import { type ArenaRouteOptions, type RouteSettings, resolveOptions } from "./options.ts";
import { readBody, readQuery } from "./read-request.ts";
import type { Route, RouteServices } from "./route.ts";
import { notFound, RouteError } from "./route-error.ts";
import { allRoutes } from "./routes.ts";

/** The routes, in the forms that servers take. */
export interface ArenaRoutes {
  /** Answers a request: for Next.js, Bun, Deno, and Node's servers by `@hono/node-server`. Needs no `this`. */
  fetch: (request: Request) => Promise<Response>;
  /** The same as a Hono app, to be mounted with `app.route("/", routes.app)`. */
  app: Hono;
  /** The OpenAPI 3.1 document that `GET /openapi.json` answers. */
  openapi: () => Record<string, unknown>;
}

/**
 * The arena's routes on Kestra: triggers, executions, schedules and webhook below `/api/kestra`, checked, documented
 * and safe to expose.
 *
 * @throws ConfigError for an option that is missing, unknown or wrong.
 *
 * @example
 * ```ts
 * const routes = createArenaRoutes(new KestraArenaClient(), { authorize: (request) => isSignedIn(request) });
 * app.route("/", routes.app); // Hono; see the guide for Express, Fastify and Next.js
 * ```
 */
export function createArenaRoutes(
  arena: KestraArenaClient,
  options: ArenaRouteOptions,
): ArenaRoutes {
  const settings = resolveOptions(arena, options);
  const routes = allRoutes();
  const services: RouteServices = { arena, flows: new ExposedFlows(settings), settings, routes };
  const app = buildApp(services);
  return {
    fetch: async (request) => app.fetch(request),
    app,
    openapi: () => openApiDocument(routes, settings),
  };
}

function buildApp(services: RouteServices): Hono {
  const { settings, routes } = services;
  const app = new Hono().basePath(settings.basePath);
  const failed = (error: unknown, context: Context) =>
    answerFailure(error, context.req.raw, settings);
  app.onError(failed);
  app.use(secureHeaders);
  if (settings.cors !== undefined) app.use(corsOf(settings.cors));
  app.use(
    bodyLimit({
      maxSize: settings.maxBodyBytes,
      onError(context) {
        const error = `The body is larger than ${settings.maxBodyBytes} bytes.`;
        return failed(new RouteError(413, { error, code: "too_large" }), context);
      },
    }),
  );
  for (const route of routes) {
    app.on(route.method, route.path, (context) => serve(route, context, services));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (context) => failed(wrongMethod(routes, path), context));
  }
  // Only below the base path: a Hono app that these are mounted in has its own answer for the rest.
  app.all("*", (context) => failed(notFound("There is no such route."), context));
  return app;
}

async function serve(route: Route, context: Context, services: RouteServices): Promise<Response> {
  const request = context.req.raw;
  const id = context.req.param("id") ?? context.req.param("flowId");
  const { access = "authorized" } = route;
  if (access !== "open") {
    await admit(request, { route: route.name, id }, access, services.settings);
  }
  const query = route.query === undefined ? undefined : readQuery(request, route.query());
  const body = route.body === undefined ? undefined : await readBody(request, route.body());
  return route.handle({ request, id: id ?? "", query, body, services });
}

async function secureHeaders(context: Context, next: () => Promise<void>): Promise<void> {
  await next();
  context.header("x-content-type-options", "nosniff");
  if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-store");
}

function corsOf({ origins, credentials = false }: NonNullable<RouteSettings["cors"]>) {
  return cors({
    origin: [...origins],
    credentials,
    allowMethods: ["GET", "POST", "DELETE"],
    allowHeaders: ["content-type", "authorization", "idempotency-key", "last-event-id"],
    exposeHeaders: ["link", "retry-after", "x-total-count"],
    maxAge: 600,
  });
}

function wrongMethod(routes: readonly Route[], path: string): RouteError {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method);
  const error = `This takes ${methods.join(", ")} only.`;
  return new RouteError(405, { error, code: "method_not_allowed" }, { allow: methods.join(", ") });
}
