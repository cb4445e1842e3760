import { bearerToken, createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra, problem, type Rule } from "./fake-kestra.ts";

const agents = {
  redAgentId: "11111111-1111-4111-8111-111111111111",
  blueAgentId: "22222222-2222-4222-8222-222222222222",
  targetAgentId: "33333333-3333-4333-8333-333333333333",
};

function setUp(options = {}, clientOptions = {}) {
  const kestra = createFakeKestra(clientOptions);
  const errors: unknown[] = [];
  const routes = createArenaRoutes(kestra.arena, {
    authorize: "none",
    onError: (error) => errors.push(error),
    ...options,
  });
  return { kestra, routes, errors, call: documented(routes) };
}

describe("an error of Kestra", () => {
  it.each([
    [400, 502],
    [401, 502],
    [403, 502],
    [404, 404],
    [405, 502],
    [409, 502],
    [410, 404],
    [415, 502],
    [422, 502],
    [429, 429],
    [500, 502],
    [502, 502],
    [503, 503],
  ])(
    "%i becomes %i, without a challenge, a credential or the place of Kestra",
    async (kestraStatus, status) => {
      const { call, kestra } = setUp();
      const answer = () => {
        const response = problem(
          kestraStatus,
          "said with Basic YXJlbmE6czNjcmV0 and s3cret-Passw0rd",
        );
        response.headers.set("www-authenticate", "Basic realm=kestra");
        return response;
      };
      kestra.rules.push({ path: /^executions\/(run1|ai-arena)/, answer });
      kestra.add();
      const answers = [await call("/api/kestra/executions/run1")];
      // Others leave it open whether it was started, and are looked into for seconds.
      if (kestraStatus < 409) {
        answers.push(await call("/api/kestra/trigger/match", { json: agents }));
      }
      for (const made of answers) {
        expect(made.status).toBe(status);
        expect(made.headers.get("www-authenticate")).toBeNull();
        const text = JSON.stringify(made.body);
        expect(text).not.toMatch(/s3cret|YXJlbmE6|kestra\.internal|at .+\.ts/);
        if (status === 429 || status === 503) expect(made.headers.get("retry-after")).toBe("5");
      }
    },
    60_000,
  );

  it.each([
    [409, 409],
    [422, 400],
  ])(
    "%i of a start becomes %i: its sender can do something about it",
    async (kestraStatus, status) => {
      const { call, kestra } = setUp();
      const answer = () => problem(kestraStatus, "Input `x`: too long");
      kestra.rules.push({ method: "POST", path: /^executions/, answer });
      const made = await call("/api/kestra/trigger/match", { json: agents });
      expect(made.status).toBe(status);
      expect(JSON.stringify(made.body)).toContain("too long");
    },
  );

  it("becomes the same for a HEAD as for a GET", async () => {
    const { routes, kestra } = setUp();
    kestra.rules.push({ path: /run1/, answer: () => problem(409, "No") });
    const url = "http://localhost/api/kestra/executions/run1";
    expect((await routes.fetch(new Request(url))).status).toBe(502);
    expect((await routes.fetch(new Request(url, { method: "HEAD" }))).status).toBe(502);
  });

  it("that is a broken connection becomes 502, and one that is late 504", async () => {
    const { call, kestra } = setUp({}, { requestTimeoutMs: 150 });
    const rule: Rule = {
      path: /^executions\/run1/,
      answer: () => Promise.reject(new TypeError("fetch failed")),
    };
    kestra.rules.push(rule);
    const broken = await call("/api/kestra/executions/run1");
    expect(broken.status).toBe(502);
    expect(broken.body.code).toBe("connection");
    rule.answer = (request) => aborted(request.signal);
    const late = await call("/api/kestra/executions/run1");
    expect(late.status).toBe(504);
    expect(late.body.code).toBe("timeout");
  });

  it("that leaves a start unknown becomes 504 with what to do", async () => {
    const { call, kestra, errors } = setUp();
    kestra.rules.push({
      method: "POST",
      path: /^executions/,
      answer: () => Promise.reject(new TypeError("reset")),
    });
    kestra.rules.push({ path: /search/, answer: () => problem(500, "down") });
    const { status, body } = await call("/api/kestra/trigger/match", { json: agents });
    expect(status).toBe(504);
    expect(body).toMatchObject({
      code: "start_unknown",
      error: expect.stringContaining("Idempotency-Key"),
    });
    expect(errors).toHaveLength(1);
  }, 60_000);

  it("is told to onError in full, from 500 on", async () => {
    const { call, kestra, errors } = setUp();
    kestra.rules.push({ path: /run1/, answer: () => problem(401, "No") });
    await call("/api/kestra/executions/run1");
    await call("/api/kestra/executions/run2");
    expect(errors).toEqual([expect.objectContaining({ code: "authentication" })]);
  });
});

describe("an error that nobody expected", () => {
  it("answers 500 without its text, and logs it without credentials", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { call } = setUp({
      onError: undefined,
      authorize: () => {
        throw new Error("boom s3cret-Passw0rd");
      },
    });
    const { status, body } = await call("/api/kestra/executions/run1");
    expect(status).toBe(500);
    expect(body).toEqual({ error: "The backend failed. Its log says more.", code: "internal" });
    expect(log).toHaveBeenCalledWith(expect.stringContaining("boom [redacted]"));
    log.mockRestore();
  });

  it("is answered though onError throws", async () => {
    const { call } = setUp({
      onError: () => {
        throw new Error("listener");
      },
      authorize: () => {
        throw new Error("boom");
      },
    });
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await call("/api/kestra/executions/run1")).status).toBe(500);
    log.mockRestore();
  });
});

describe("a caller that hangs up", () => {
  it("is no failure of the backend", async () => {
    const { routes, kestra, errors } = setUp();
    const { id } = kestra.add();
    const controller = new AbortController();
    const { signal } = controller;
    const url = `http://localhost/api/kestra/executions/${id}/result?waitSeconds=60`;
    const answer = routes.fetch(new Request(url, { signal }));
    await expect.poll(() => kestra.calls.length).toBeGreaterThan(1);
    controller.abort();
    expect((await answer).status).toBe(499);
    expect(errors).toEqual([]);
  });
});

describe("what is not there", () => {
  it("is 404 for another path and 405 with Allow for another method", async () => {
    const { routes } = setUp();
    const fetch = (path: string, method = "GET") =>
      routes.fetch(new Request(`http://localhost${path}`, { method }));
    expect((await fetch("/api/kestra/nothing")).status).toBe(404);
    const wrong = await fetch("/api/kestra/trigger/match");
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await wrong.json()).toMatchObject({ code: "method_not_allowed" });
  });

  it("is left to the app that the routes are mounted in", async () => {
    const { Hono } = await import("hono");
    const { routes } = setUp();
    const app = new Hono()
      .route("/", routes.app)
      .get("/api/agents", (context) => context.text("mine"));
    expect(await (await app.request("/api/agents")).text()).toBe("mine");
    expect((await app.request("/api/kestra/health")).status).toBe(200);
    expect(await (await app.request("/other")).text()).toBe("404 Not Found");
  });
});

describe("createArenaRoutes", () => {
  const { arena } = createFakeKestra();
  // biome-ignore lint/suspicious/noExplicitAny: what JavaScript's callers may do.
  const create = (options?: any) => () => createArenaRoutes(arena, options);

  it("does not serve without being told who may call", () => {
    expect(create()).toThrow(/give authorize/);
    expect(create({})).toThrow(/give authorize/);
    expect(create({ authorize: "all" })).toThrow(/give authorize/);
  });

  it("refuses options that it does not know or understand", () => {
    const authorize = "none";
    expect(create({ authorize, webhooksecret: "x" })).toThrow(/no option "webhooksecret"/);
    expect(create({ authorize, webhookSecret: "short" })).toThrow(/16 characters/);
    expect(create({ authorize, webhookSecret: "" })).toThrow(/16 characters/);
    expect(create({ authorize, maxBodyBytes: 0 })).toThrow(/maxBodyBytes/);
    expect(create({ authorize, basePath: "api" })).toThrow(/basePath/);
    expect(create({ authorize, cors: { origins: ["*"] } })).toThrow(/cors.origins/);
    expect(create({ authorize, cors: { origins: ["https://a.example/"] } })).toThrow(
      /cors.origins/,
    );
    expect(create({ authorize, cors: {} })).toThrow(/cors.origins/);
  });

  it("checks the options beside cors too", () => {
    const beside = { authorize: "none", cors: { origins: ["https://a.example"] } };
    expect(create({ ...beside, webhookSecret: "" })).toThrow(/16 characters/);
    expect(create({ ...beside, basePath: "api" })).toThrow(/basePath/);
    expect(create({ ...beside, maxBodyBytes: 0 })).toThrow(/maxBodyBytes/);
  });

  it("refuses a token that was forgotten", () => {
    expect(() => bearerToken(undefined)).toThrow(/16 characters/);
    expect(() => bearerToken("")).toThrow(/16 characters/);
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
