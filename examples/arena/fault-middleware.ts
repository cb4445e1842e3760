import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { FaultInjector, RouteFault } from "./faults.ts";

/** Counts the calls by route and lets the faults loose on them. */
export function injectFaults(
  faults: FaultInjector,
  requests: Record<string, number>,
): MiddlewareHandler {
  return async (context, next) => {
    const route = `${context.req.method} ${routePath(context, -1)}`;
    requests[route] = (requests[route] ?? 0) + 1;
    const hits = faults.forCall(route);

    const slow = hits.filter(({ kind }) => kind === "slow");
    const waitMs = slow.reduce((sum, { delayMs }) => sum + delayMs, 0);
    const actsFirst = slow.some(({ hasEffect }) => hasEffect);
    if (actsFirst) await next();
    // A client that gave up must not keep the arena's process alive.
    if (waitMs > 0) await delay(waitMs, undefined, { signal: context.req.raw.signal, ref: false });

    const breaking = hits.find(({ kind }) => kind !== "slow");
    if (breaking === undefined) return actsFirst ? undefined : next();
    if (breaking.hasEffect && !actsFirst) await next();
    // Once a handler has answered, only a replaced answer is sent.
    context.res = undefined;
    context.res = brokenAnswer(context, breaking);
  };
}

function brokenAnswer(context: Context, { kind, status }: RouteFault): Response {
  if (kind === "reset") return cutConnection(context);
  if (kind === "malformed") {
    return new Response('{"id": "AR-', { headers: { "content-type": "application/json" } });
  }
  if (kind === "wrong-shape") return Response.json({ unexpected: true });
  return Response.json({ error: "An injected fault." }, { status });
}

function cutConnection(context: Context): Response {
  const outgoing: ServerResponse | undefined = context.env?.outgoing;
  if (outgoing?.socket) {
    outgoing.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  }
  // Without a server there is no connection to cut.
  return Response.error();
}
