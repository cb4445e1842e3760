import { createParser, type EventSourceMessage } from "eventsource-parser";
import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra, problem } from "./fake-kestra.ts";

function setUp(options = {}) {
  const kestra = createFakeKestra();
  const routes = createArenaRoutes(kestra.arena, { authorize: "none", ...options });
  return { kestra, routes, call: documented(routes) };
}

const url = "http://localhost/api/kestra/executions/run1/follow";

/** Reads a stream's events and comments as they come. */
function read(response: Response) {
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment),
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const done = (async () => {
    for (;;) {
      const { done: isDone, value } = await reader.read();
      if (isDone) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  })();
  const states = () =>
    events.filter(({ event }) => event === "state").map(({ data }) => JSON.parse(data).current);
  return { events, comments, done, states, cancel: () => reader.cancel() };
}

describe("GET /executions/:id/follow", () => {
  it("sends each state once, then the end, and closes", async () => {
    const { kestra, routes } = setUp();
    const execution = kestra.add();
    const response = await routes.fetch(new Request(url));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const stream = read(response);
    await expect.poll(stream.states).toEqual(["CREATED", "RUNNING"]);
    kestra.setState(execution, "SUCCESS");
    await stream.done;
    expect(stream.states()).toEqual(["CREATED", "RUNNING", "SUCCESS"]);
    expect(stream.events.map(({ id }) => id)).toEqual(["1", "2", "3", "end"]);
    const last = stream.events.at(-1);
    expect(last?.event).toBe("end");
    expect(JSON.parse(last?.data ?? "")).toEqual({ executionId: "run1", state: "SUCCESS" });
  });

  it("sends an execution that has ended and closes at once", async () => {
    const { kestra, call } = setUp();
    kestra.add({ current: "FAILED" });
    const { status, body } = await call("/api/kestra/executions/run1/follow");
    expect(status).toBe(200);
    expect(body).toContain('event: end\ndata: {"executionId":"run1","state":"FAILED"}');
  });

  it("sends a comment now and then while nothing happens", async () => {
    const { kestra, routes } = setUp({ heartbeatMs: 10 });
    kestra.add();
    const stream = read(await routes.fetch(new Request(url)));
    await expect.poll(() => stream.comments.length).toBeGreaterThan(2);
    expect(new Set(stream.comments)).toEqual(new Set(["heartbeat"]));
    await stream.cancel();
  });

  it("goes on after what a browser has had that comes again", async () => {
    const { kestra, routes } = setUp();
    kestra.add({ current: "SUCCESS" });
    const headers = { "last-event-id": "2" };
    const stream = read(await routes.fetch(new Request(url, { headers })));
    await stream.done;
    expect(stream.events.map(({ id }) => id)).toEqual(["3", "end"]);
  });

  it("answers 204 to a browser that has had the end, which keeps it from coming again", async () => {
    const { kestra, call } = setUp();
    kestra.add({ current: "SUCCESS" });
    const headers = { "last-event-id": "end" };
    const { status } = await call("/api/kestra/executions/run1/follow", { headers });
    expect(status).toBe(204);
  });

  it("takes any Last-Event-ID without harm", async () => {
    const { kestra, call } = setUp();
    kestra.add({ current: "SUCCESS" });
    for (const id of ["x", "-1", "1e9", "99999999999999999999", "1; drop"]) {
      const { status, body } = await call("/api/kestra/executions/run1/follow", {
        headers: { "last-event-id": id },
      });
      expect(status).toBe(200);
      expect(body).toContain("event: state");
    }
  });

  it("says so when the execution can no longer be followed, and closes", async () => {
    const { kestra, routes } = setUp();
    kestra.add();
    const stream = read(await routes.fetch(new Request(url)));
    await expect.poll(stream.states).toEqual(["CREATED", "RUNNING"]);
    await stream.cancel();
    kestra.rules.push({ path: /follow/, answer: () => problem(401, "secret words") });
    const second = read(await routes.fetch(new Request(url)));
    await second.done;
    const last = second.events.at(-1);
    expect(last?.event).toBe("failure");
    expect(JSON.parse(last?.data ?? "")).toEqual({
      executionId: "run1",
      code: "authentication",
      error: "The execution can no longer be followed. It may run on.",
    });
  });

  it("answers 429 to one more than it may serve, and serves again once one has gone", async () => {
    const { kestra, routes, call } = setUp({ maxFollowers: 2 });
    kestra.add();
    const first = read(await routes.fetch(new Request(url)));
    const second = read(await routes.fetch(new Request(url)));
    await expect.poll(() => first.states().length + second.states().length).toBe(4);
    const third = await call("/api/kestra/executions/run1/follow");
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("10");
    await first.cancel();
    const fourth = read(await routes.fetch(new Request(url)));
    await expect.poll(fourth.states).toHaveLength(2);
    await Promise.all([second.cancel(), fourth.cancel()]);
  });

  it("stops following as soon as nobody listens, whoever hangs up", async () => {
    const { kestra, routes } = setUp();
    kestra.add();
    const handle = kestra.arena.executions.get("match-orchestration", "run1");
    const controller = new AbortController();
    const aborted = read(await routes.fetch(new Request(url, { signal: controller.signal })));
    const cancelled = read(await routes.fetch(new Request(url)));
    await expect.poll(() => aborted.states().length + cancelled.states().length).toBe(4);
    expect(handle.observedBy).toBeDefined();
    controller.abort();
    await aborted.done.catch(() => {});
    await cancelled.cancel();
    await expect.poll(() => handle.observedBy).toBeUndefined();
  });

  it("follows nothing for a HEAD request", async () => {
    const { kestra, routes } = setUp();
    kestra.add();
    const response = await routes.fetch(new Request(url, { method: "HEAD" }));
    expect(response.status).toBe(200);
    expect(kestra.arena.executions.get("match-orchestration", "run1").observedBy).toBeUndefined();
  });

  it("answers JSON with 404 when there is nothing to follow", async () => {
    const { call } = setUp();
    const { status, body } = await call("/api/kestra/executions/run1/follow");
    expect(status).toBe(404);
    expect(body.code).toBe("not_found");
  });
});
