import { ConnectionError, InputError, type KestraArenaClient, NotFoundError } from "kestra-arena";
import { createArenaRoutes } from "kestra-arena/routes";
import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra } from "./fake-kestra.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const targetAgentId = "33333333-3333-4333-8333-333333333333";
const request = { method: "GET", url: "flows" };

/** Routes over a client whose schedules are stand-ins: how schedules themselves work is tested where they are. */
function setUp() {
  const kestra = createFakeKestra();
  const put: unknown[] = [];
  const keys: unknown[] = [];
  const deleted: string[] = [];
  const failure: { ofTrigger?: Error; ofStatus?: Error } = {};
  const schedule = (id: string, kind: "matches" | "monitor") => ({
    id,
    flowId: id,
    kind,
    cron: "0 */6 * * *",
    timezone: "UTC",
    description: "Every six hours",
    targetAgentId: kind === "monitor" ? targetAgentId : undefined,
    nextRuns: (count: number) =>
      Array.from({ length: count }, (_, index) => new Date(1_764_000_000_000 + index * 21_600_000)),
    status: async () => {
      if (kind === "monitor" && failure.ofStatus !== undefined) throw failure.ofStatus;
      return { isPaused: false, nextDate: undefined };
    },
    lastRun: async () => ({ executionId: "run7", state: "SUCCESS", startedAt: undefined }),
    trigger: async (_input: object, { key }: { key: string | undefined }) => {
      keys.push(key);
      if (failure.ofTrigger !== undefined) throw failure.ofTrigger;
      kestra.add({ flowId: id });
      return kestra.arena.executions.get("scheduled-matches", "run1");
    },
    delete: async () => deleted.push(id),
  });
  const stubs = {
    scheduleMatches: async (input: { cronExpression?: string }) => {
      if (input.cronExpression === "every day") {
        throw new InputError("scheduleMatches", [{ path: ["cronExpression"], message: "no" }]);
      }
      put.push(input);
      return schedule("scheduled-matches", "matches");
    },
    monitorTarget: async (input: object) => {
      put.push(input);
      return schedule(`monitor-${targetAgentId}`, "monitor");
    },
    schedules: {
      list: async () => [
        schedule("scheduled-matches", "matches"),
        schedule(`monitor-${targetAgentId}`, "monitor"),
      ],
      get: async (id: string) => {
        if (id === "scheduled-matches") return schedule(id, "matches");
        if (id === "no id") throw new InputError("schedules.get", []);
        throw new NotFoundError("gone", { status: 404, request });
      },
    },
  };
  const arena = new Proxy(kestra.arena, {
    get: (target, name) =>
      name in stubs ? stubs[name as keyof typeof stubs] : Reflect.get(target, name, target),
  }) as KestraArenaClient;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const call = documented(createArenaRoutes(arena, { authorize: "none", onError }));
  return { kestra, call, put, keys, deleted, failure, errors };
}

describe("POST /trigger/scheduled", () => {
  it("puts the schedule in place, tells its next runs and starts a first one", async () => {
    const { call, put, keys } = setUp();
    const { status, body } = await call("/api/kestra/trigger/scheduled", {
      json: { cronExpression: "0 */6 * * *" },
      headers: { "idempotency-key": "first" },
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      scheduleId: "scheduled-matches",
      executionId: "run1",
      flowId: "scheduled-matches",
      cronExpression: "0 */6 * * *",
    });
    expect(body.nextRuns).toHaveLength(5);
    expect({ put, keys }).toEqual({ put: [{ cronExpression: "0 */6 * * *" }], keys: ["first"] });
  });

  it("needs no body, and starts no first run when it is told so", async () => {
    const { call, keys } = setUp();
    expect((await call("/api/kestra/trigger/scheduled", { method: "POST" })).status).toBe(202);
    expect(keys).toHaveLength(1);
    const { status, body } = await call("/api/kestra/trigger/scheduled", {
      json: { runNow: false },
    });
    expect(status).toBe(202);
    expect(body.executionId).toBeUndefined();
    expect(keys).toHaveLength(1);
  });

  it("says where a cron expression is wrong, and puts nothing in place", async () => {
    const { call, put } = setUp();
    const json = { cronExpression: "every day" };
    const { status, body } = await call("/api/kestra/trigger/scheduled", { json });
    expect(status).toBe(400);
    expect(body.details[0].path).toEqual(["cronExpression"]);
    expect(put).toEqual([]);
  });

  it("says that the schedule is in place when its first run could not be started", async () => {
    const { call, failure, errors } = setUp();
    failure.ofTrigger = new ConnectionError("Cannot reach Kestra", request);
    const { status, body } = await call("/api/kestra/trigger/scheduled", { json: {} });
    expect(status).toBe(502);
    expect(body.error).toMatch(/^The schedule scheduled-matches is in place, but its first run/);
    expect(errors).toEqual([failure.ofTrigger]);
  });
});

describe("POST /trigger/monitoring", () => {
  it("puts the monitoring in place and starts a first check", async () => {
    const { call, put } = setUp();
    const json = { targetAgentId, intervalMinutes: 60 };
    const { status, body } = await call("/api/kestra/trigger/monitoring", { json });
    expect(status).toBe(202);
    expect(body).toMatchObject({ scheduleId: `monitor-${targetAgentId}`, executionId: "run1" });
    expect(put).toEqual([{ targetAgentId, intervalMinutes: 60 }]);
  });

  it.each([0, 1_441, 1.5, "60"])("refuses an interval of %j minutes", async (intervalMinutes) => {
    const { call, put } = setUp();
    const json = { targetAgentId, intervalMinutes };
    expect((await call("/api/kestra/trigger/monitoring", { json })).status).toBe(400);
    expect(put).toEqual([]);
  });
});

describe("/schedules", () => {
  it("lists what is in place", async () => {
    const { call } = setUp();
    const { status, body } = await call("/api/kestra/schedules");
    expect(status).toBe(200);
    expect(body).toMatchObject([
      {
        scheduleId: "scheduled-matches",
        kind: "matches",
        isPaused: false,
        lastRun: { executionId: "run7" },
      },
      { scheduleId: `monitor-${targetAgentId}`, kind: "monitor", targetAgentId },
    ]);
  });

  it("leaves out one that is deleted meanwhile, and no other that fails", async () => {
    const { call, failure } = setUp();
    failure.ofStatus = new NotFoundError("gone", { status: 404, request });
    const { status, body } = await call("/api/kestra/schedules");
    expect(status).toBe(200);
    expect(body).toMatchObject([{ scheduleId: "scheduled-matches" }]);
    failure.ofStatus = new ConnectionError("broken", request);
    expect((await call("/api/kestra/schedules")).status).toBe(502);
  });

  it("deletes one, and answers 404 for one that is not there and for what could be none", async () => {
    const { call, deleted } = setUp();
    const remove = (id: string) => call(`/api/kestra/schedules/${id}`, { method: "DELETE" });
    expect((await remove("scheduled-matches")).status).toBe(204);
    expect(deleted).toEqual(["scheduled-matches"]);
    expect((await remove("monitor-x")).status).toBe(404);
    expect((await remove("no%20id")).status).toBe(404);
  });
});

describe("the runs of a monitored target", () => {
  it("can be looked at, though their flow is none of the package's own", async () => {
    const { call, kestra } = setUp();
    const flowId = `monitor-${targetAgentId}`;
    kestra.add({ flowId });
    expect((await call("/api/kestra/executions/run1")).body).toMatchObject({ flowId });
    expect((await call(`/api/kestra/executions?flowId=${flowId}`)).body).toHaveLength(1);
    expect((await call(`/api/kestra/webhook/${flowId}`, { json: {} })).status).toBe(404);
  });
});
