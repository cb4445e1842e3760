import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readTiming } from "../../../src/schedules/interval.ts";
import { Schedule } from "../../../src/schedules/schedule.ts";
import { storeSchedule } from "../../../src/schedules/store-schedule.ts";
import { scheduleType } from "../../../src/templates/schedule-triggers.ts";
import { FakeScheduler } from "./fake-scheduler.ts";

const namespace = "ai-arena";
const flowId = "nightly";
const text = `id: ${flowId}\nnamespace: ${namespace}\ntasks:\n  - {id: t, type: a.b.Log}\n`;
const trigger = { id: "s", type: scheduleType, cron: "0 */6 * * *", timezone: "UTC" };

const store = (kestra: FakeScheduler, cron = trigger.cron, keeps = false) =>
  storeSchedule(kestra.api, { namespace, flowId, text, trigger: { ...trigger, cron }, keeps }, {});

function handle(kestra: FakeScheduler, kind: "matches" | "monitor" = "matches") {
  return new Schedule<{ mode: string }, unknown>({
    kestra: kestra.api,
    kind,
    namespace,
    flowId,
    trigger,
    inputs: { match_mode: "quick" },
    timing: readTiming(trigger)!,
    description: "Every six hours",
    targetAgentId: undefined,
    run: () => Promise.reject(new Error("not here")),
  });
}

describe("storeSchedule", () => {
  it("creates the flow with its schedule, and sends nothing when it is so already", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    expect(parse(kestra.source(flowId)).triggers).toEqual([trigger]);
    await store(kestra);
    expect(kestra.writes).toEqual(["POST flows"]);
  });

  it("changes the schedule alone where the flow was edited in Kestra", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    kestra.edit(flowId, (source) => `${source}# mine\nlabels: {team: red}\n`);
    await store(kestra, "@daily", true);
    expect(parse(kestra.source(flowId))).toMatchObject({
      labels: { team: "red" },
      triggers: [{ cron: "@daily" }],
    });
    expect(kestra.source(flowId)).toContain("# mine");
  });

  it("leaves a paused schedule paused, though Kestra would start one that has changed", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    await handle(kestra).pause();
    await store(kestra, "@daily");
    expect(kestra.switchedOff).toEqual(new Set(["nightly/s"]));
    expect(await handle(kestra).status()).toEqual({ isPaused: true, nextDate: undefined });
    await handle(kestra).resume();
    expect(await handle(kestra).status()).toEqual({
      isPaused: false,
      nextDate: new Date("2026-11-25T00:00:00Z"),
    });
    expect(parse(kestra.source(flowId)).triggers).toEqual([{ ...trigger, cron: "@daily" }]);
  });

  it("takes the flow of another process that was a moment faster", async () => {
    const kestra = new FakeScheduler();
    const { intercept } = kestra;
    kestra.intercept = (method, path, body) => {
      if (method === "POST" && path === "flows" && !kestra.flows.has(`${namespace}/${flowId}`)) {
        kestra.flows.set(`${namespace}/${flowId}`, [text]);
      }
      return intercept(method, path, body);
    };
    await store(kestra);
    expect(parse(kestra.source(flowId)).triggers).toEqual([trigger]);
  });
});

describe("Schedule", () => {
  it("says what it is, and when it fires next", () => {
    const schedule = handle(new FakeScheduler());
    expect(schedule).toMatchObject({
      id: flowId,
      kind: "matches",
      triggerId: "s",
      cron: "0 */6 * * *",
      timezone: "UTC",
      description: "Every six hours",
      inputs: { match_mode: "quick" },
    });
    const after = new Date("2026-11-24T20:00:00Z");
    expect(schedule.nextRuns(2, after).map((date) => date.toISOString())).toEqual([
      "2026-11-25T00:00:00.000Z",
      "2026-11-25T06:00:00.000Z",
    ]);
    expect(() => schedule.nextRuns(0)).toThrow("count: must be a whole number");
  });

  it("tells Kestra again until its scheduler knows the trigger", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    kestra.looksUntilKnown = 3;
    await handle(kestra).pause();
    expect(kestra.switchedOff).toEqual(new Set(["nightly/s"]));
    expect(kestra.lostSwitches).toBe(0);
  });

  it("gives up on a pause when it is aborted", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    kestra.looksUntilKnown = 1_000;
    const reason = new Error("enough");
    const signal = AbortSignal.timeout(50);
    await expect(handle(kestra).pause({ signal })).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(handle(kestra).pause({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("takes its trigger out of the flow when it is deleted, twice without harm", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    const schedule = handle(kestra);
    await schedule.delete();
    await schedule.delete();
    expect(parse(kestra.source(flowId))).toEqual(parse(text));
    kestra.flows.clear();
    await schedule.delete();
    await expect(schedule.status()).rejects.toMatchObject({ code: "not_found" });
  });

  it("takes the flow of a monitored target with it", async () => {
    const kestra = new FakeScheduler();
    await store(kestra);
    await handle(kestra, "monitor").delete();
    expect(kestra.flows.size).toBe(0);
    await handle(kestra, "monitor").delete();
  });

  it("gives its last run, and none when it has never run", async () => {
    const kestra = new FakeScheduler();
    const { intercept } = kestra;
    let results: unknown[] = [];
    kestra.intercept = (method, path, body) =>
      path === "executions/search"
        ? Response.json({ results, total: results.length })
        : intercept(method, path, body);
    expect(await handle(kestra).lastRun()).toBeUndefined();
    const state = { current: "SUCCESS", startDate: "2026-11-24T18:00:00.5Z" };
    results = [{ id: "e1", namespace, flowId, state }];
    expect(await handle(kestra).lastRun()).toEqual({
      executionId: "e1",
      state: "SUCCESS",
      startedAt: new Date("2026-11-24T18:00:00.500Z"),
    });
  });
});
