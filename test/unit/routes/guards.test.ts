import { type ArenaRouteOptions, bearerToken, createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra } from "./fake-kestra.ts";

function setUp(options: Partial<ArenaRouteOptions> = {}) {
  const kestra = createFakeKestra();
  kestra.add();
  const routes = createArenaRoutes(kestra.arena, { authorize: "none", ...options });
  return { kestra, routes, call: documented(routes) };
}

const path = "/api/kestra/executions/run1";
const cancel = `${path}/cancel`;

describe("authorize", () => {
  it("lets in on true alone, and is told the route", async () => {
    const targets: unknown[] = [];
    const { call } = setUp({
      authorize: (request, target) => {
        targets.push(target);
        return request.headers.get("cookie") === "session=1";
      },
    });
    expect((await call(path, { headers: { cookie: "session=1" } })).status).toBe(200);
    expect(
      (await call("/api/kestra/executions", { headers: { cookie: "session=1" } })).status,
    ).toBe(200);
    expect(targets).toEqual([
      { route: "getExecution", id: "run1" },
      { route: "listExecutions", id: undefined },
    ]);
  });

  it.each([false, undefined, null, 0, "yes", {}, 1])("answers 401 on %j", async (answer) => {
    const { call, kestra } = setUp({ authorize: (async () => answer) as never });
    const { status, headers, body } = await call(cancel, { method: "POST" });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(body.code).toBe("unauthenticated");
    expect(kestra.calls).toEqual([]);
  });

  it("answers 403 on forbidden, and a response as it is", async () => {
    expect((await setUp({ authorize: () => "forbidden" }).call(path)).status).toBe(403);
    const { routes } = setUp({
      authorize: () => Response.redirect("https://arena.example/login", 302),
    });
    const answer = await routes.fetch(
      new Request(`http://localhost${path}`, { redirect: "manual" }),
    );
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("https://arena.example/login");
  });

  it("is asked before anything is read or looked up", async () => {
    const { call, kestra } = setUp({ authorize: () => false });
    const answers = [
      await call("/api/kestra/trigger/match", { json: { bad: true } }),
      await call("/api/kestra/executions?limit=0"),
      await call("/api/kestra/executions/run9/follow"),
      await call("/api/kestra/webhook/nothing", { json: {} }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(kestra.calls).toEqual([]);
  });
});

describe("bearerToken", () => {
  it("takes that token and no other", async () => {
    const token = "a-token-of-enough-characters";
    const { call } = setUp({ authorize: bearerToken(token) });
    const get = async (authorization?: string) =>
      (await call(path, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await get(`Bearer ${token}`)).toBe(200);
    expect(await get(`bearer ${token}`)).toBe(200);
    expect(await get()).toBe(401);
    expect(await get("Bearer ")).toBe(401);
    expect(await get(`Bearer ${token}x`)).toBe(401);
    expect(await get(`Bearer ${token.slice(1)}`)).toBe(401);
    expect(await get(`Basic ${token}`)).toBe(401);
  });
});

describe('authorize: "none"', () => {
  it.each([
    "localhost",
    "localhost:3001",
    "127.0.0.1:3001",
    "192.168.1.20",
    "[::1]:3001",
    "backend:3001",
    "pc.local",
  ])("answers under %s", async (host) => {
    expect((await setUp().call(path, { headers: { host } })).status).toBe(200);
  });

  it.each([
    "arena.example",
    "rebound.attacker.example:3001",
    "127.0.0.1.nip.example",
    "localhost.attacker.example",
  ])("does not answer under %s, which a page on the internet could point here", async (host) => {
    const { status, body } = await setUp().call(path, { headers: { host } });
    expect(status).toBe(403);
    expect(body.error).toContain("authorize");
  });
});

describe("a page of another site", () => {
  const crossSite = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

  it("cannot make a browser cancel or start anything", async () => {
    const { call, kestra } = setUp({ authorize: () => true });
    for (const headers of [
      crossSite,
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://localhost:3000", "sec-fetch-site": "same-site" },
    ]) {
      const { status, body } = await call(cancel, { method: "POST", headers });
      expect(status).toBe(403);
      expect(body.error).toContain("cors.origins");
    }
    expect(kestra.calls).toEqual([]);
  });

  it("can when its origin is listed, and then may read the answer", async () => {
    const { call } = setUp({ cors: { origins: ["http://localhost:3000"] } });
    const headers = { origin: "http://localhost:3000", "sec-fetch-site": "same-site" };
    const { status, headers: answered } = await call(cancel, { method: "POST", headers });
    expect(status).toBe(200);
    expect(answered.get("access-control-allow-origin")).toBe("http://localhost:3000");
  });

  it("of the backend's own origin, and a program, are let in", async () => {
    const { call } = setUp();
    for (const headers of [
      {},
      { origin: "http://localhost" },
      { origin: "http://localhost", "sec-fetch-site": "same-origin" },
    ]) {
      expect((await call(cancel, { method: "POST", headers })).status).toBe(200);
    }
  });
});

describe("cors", () => {
  it("is off unless it is asked for", async () => {
    const { call } = setUp();
    const { headers } = await call(path, { headers: { origin: "https://evil.example" } });
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("answers a preflight without asking who calls, for listed origins alone", async () => {
    const { routes } = setUp({
      authorize: () => false,
      cors: { origins: ["https://arena.example"], credentials: true },
    });
    const preflight = (origin: string) =>
      routes.fetch(
        new Request("http://localhost/api/kestra/trigger/match", {
          method: "OPTIONS",
          headers: { origin, "access-control-request-method": "POST" },
        }),
      );
    const good = await preflight("https://arena.example");
    expect(good.status).toBe(204);
    expect(good.headers.get("access-control-allow-origin")).toBe("https://arena.example");
    expect(good.headers.get("access-control-allow-credentials")).toBe("true");
    expect(good.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    const bad = await preflight("https://evil.example");
    expect(bad.headers.get("access-control-allow-origin")).toBeNull();
  });
});
