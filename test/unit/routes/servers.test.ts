import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra } from "./fake-kestra.ts";

const token = "a-token-of-enough-characters";
const agents = {
  redAgentId: "11111111-1111-4111-8111-111111111111",
  blueAgentId: "22222222-2222-4222-8222-222222222222",
  targetAgentId: "33333333-3333-4333-8333-333333333333",
};

const kestra = createFakeKestra();
kestra.sources.set(
  "ai-arena/match-orchestration",
  "id: match-orchestration\ninputs: [{id: match_mode, type: STRING}]\n",
);
const kestraServer = createAdaptorServer({
  fetch: (request) => kestra.fetch(request),
  overrideGlobalObjects: false,
});
const { openapi } = createArenaRoutes(kestra.arena, { authorize: "none" });

beforeAll(async () => {
  vi.stubEnv("KESTRA_URL", await listen(kestraServer as Server));
  vi.stubEnv("ARENA_ROUTES_TOKEN", token);
  vi.stubEnv("PORT", "0");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await close(kestraServer as Server);
});

/** How each of the examples is called. */
const backends = {
  Hono: async () => overHttp((await import("../../../examples/backend-hono.ts")).server as Server),
  Express: async () => overHttp((await import("../../../examples/backend-express.ts")).server),
  Fastify: async () => overHttp((await import("../../../examples/backend-fastify.ts")).server),
  "Next.js": async () => {
    const handlers = await import("../../../examples/backend-next.ts");
    const fetch = async (request: Request) =>
      handlers[request.method as "GET" | "POST" | "DELETE"](request);
    return { fetch, end: async () => {} };
  },
};

describe.each(Object.entries(backends))("the routes in %s", (_name, start) => {
  let backend: Awaited<ReturnType<typeof start>>;
  let call: ReturnType<typeof documented>;
  const headers = { authorization: `Bearer ${token}` };

  beforeAll(async () => {
    backend = await start();
    call = documented({ fetch: backend.fetch, openapi });
  });
  afterAll(() => backend.end());

  it("start a match, show it, follow it, cancel it and list it", async () => {
    const started = await call("/api/kestra/trigger/match", { json: agents, headers });
    expect(started.status).toBe(202);
    const path = `/api/kestra/executions/${started.body.executionId}`;
    expect((await call(path, { headers })).body.state.current).toBe("RUNNING");
    const followed = call(`${path}/follow`, { headers });
    const cancelled = await call(`${path}/cancel`, { method: "POST", headers });
    expect(cancelled.body).toMatchObject({ state: "KILLED", hasEnded: true });
    expect((await followed).body).toContain('event: end\ndata: {"executionId"');
    const result = await call(`${path}/result`, { headers });
    expect(result.body).toMatchObject({ ok: false, error: { code: "execution_killed" } });
    expect((await call(`${path}/logs`, { headers })).body).toEqual([]);
    const list = await call("/api/kestra/executions?flowId=match-orchestration", { headers });
    expect(list.body.map(({ id }: { id: string }) => id)).toContain(started.body.executionId);
  });

  it("take a webhook, tell their health, and describe themselves", async () => {
    const json = { match_mode: "quick" };
    const answer = await call("/api/kestra/webhook/match-orchestration", { json, headers });
    expect(answer.body).toMatchObject({ success: true });
    expect((await call("/api/kestra/health")).body.status).toBe("ok");
    expect((await call("/api/kestra/openapi.json")).body.openapi).toBe("3.1.0");
  });

  it("turn away who does not have the token, bad bodies, and large ones", async () => {
    expect((await call("/api/kestra/executions")).status).toBe(401);
    const bad = await call("/api/kestra/trigger/match", { json: {}, headers });
    expect(bad.status).toBe(400);
    expect(bad.body.details).toHaveLength(3);
    const padding = "x".repeat(1_100_000);
    const large = await call("/api/kestra/trigger/match", { json: { padding }, headers });
    expect(large.status).toBe(413);
  });

  it("stop following when the caller hangs up", async () => {
    const { id } = kestra.add();
    const before = kestra.followers;
    const controller = new AbortController();
    const url = `http://localhost/api/kestra/executions/${id}/follow`;
    const response = await backend.fetch(new Request(url, { headers, signal: controller.signal }));
    const reader = response.body?.getReader();
    await reader?.read();
    await expect.poll(() => kestra.followers).toBe(before + 1);
    controller.abort();
    await reader?.cancel().catch(() => {});
    await expect.poll(() => kestra.followers, { timeout: 10_000 }).toBe(before);
  });
});

async function overHttp(server: Server) {
  const url = await listen(server);
  return {
    // The same request, sent over a socket.
    fetch: async (request: Request) => {
      const { pathname, search } = new URL(request.url);
      const body = request.method === "GET" ? undefined : await request.arrayBuffer();
      const { method, headers, signal } = request;
      const isEmpty = body === undefined || body.byteLength === 0;
      return fetch(`${url}${pathname}${search}`, {
        method,
        headers,
        signal,
        ...(!isEmpty && { body }),
      });
    },
    end: () => close(server),
  };
}

async function listen(server: Server): Promise<string> {
  if (!server.listening) {
    if (server.address() === null) server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  await closed;
}
