import { KestraArenaClient } from "kestra-arena";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkFlow } from "../../../src/templates/check-flow.ts";
import { loadFlow } from "../../../src/templates/load-flow.ts";
import { readMeaning } from "../../../src/templates/meaning.ts";
import { FakeScheduler } from "./fake-scheduler.ts";

const ids = ["1", "2", "3"].map((digit) => `7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d0${digit}`);
const [redAgentId, blueAgentId, targetAgentId] = ids as [string, string, string];
const agentCombinations = [{ redAgentId, blueAgentId, targetAgentId }];
const monitorId = `monitor-${targetAgentId}`;

function setUp() {
  const kestra = new FakeScheduler();
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    line: "2",
    retries: 0,
    fetch: kestra.fetch,
    onWarning: () => {},
  });
  const triggersOf = (flowId: string) => parse(kestra.source(flowId)).triggers;
  return { kestra, client, triggersOf };
}

describe("scheduleMatches", () => {
  it("deploys what is missing and sets cron, zone and inputs in the flow's own trigger", async () => {
    const { kestra, client, triggersOf } = setUp();
    const schedule = await client.scheduleMatches({
      cronExpression: "30 8 * * MON-FRI",
      timezone: "Europe/Berlin",
      agentCombinations,
      mode: "quick",
    });
    expect(triggersOf("scheduled-matches")).toEqual([
      {
        id: "schedule",
        type: "io.kestra.plugin.core.trigger.Schedule",
        cron: "30 8 * * MON-FRI",
        timezone: "Europe/Berlin",
        inputs: {
          schedule_cron: "30 8 * * MON-FRI",
          agent_combinations: [
            {
              red_agent_id: redAgentId,
              blue_agent_id: blueAgentId,
              target_agent_id: targetAgentId,
            },
          ],
          match_mode: "quick",
        },
      },
    ]);
    expect([...kestra.flows.keys()]).toEqual([
      "ai-arena/match-orchestration",
      "ai-arena/batch-lane",
      "ai-arena/batch-evaluation",
      "ai-arena/scheduled-matches",
    ]);
    expect(kestra.writes.every((line) => line === "POST flows")).toBe(true);
    expect(schedule).toMatchObject({
      id: "scheduled-matches",
      kind: "matches",
      cron: "30 8 * * MON-FRI",
      timezone: "Europe/Berlin",
      description: "At 08:30, Monday through Friday (Europe/Berlin)",
    });
    expect(schedule.nextRuns(1, new Date("2026-11-27T12:00:00Z"))).toEqual([
      new Date("2026-11-30T07:30:00Z"),
    ]);
  });

  it("switches on the schedule that is deployed off, and leaves the rest of the flow as it is", async () => {
    const { kestra, client, triggersOf } = setUp();
    await client.flows.deploy();
    expect(triggersOf("scheduled-matches")).toMatchObject([{ disabled: true }]);
    expect(await client.schedules.list()).toEqual([]);
    kestra.edit("scheduled-matches", (source) => source.replace("app: ai-arena", "app: mine"));
    await client.scheduleMatches();
    expect(triggersOf("scheduled-matches")).toEqual([
      expect.not.objectContaining({ disabled: expect.anything() }),
    ]);
    expect(triggersOf("scheduled-matches")).toMatchObject([
      { cron: "0 */6 * * *", inputs: { schedule_cron: "0 */6 * * *" } },
    ]);
    expect(kestra.source("scheduled-matches")).toContain("app: mine");
    expect((await client.schedules.list()).map(({ id }) => id)).toEqual(["scheduled-matches"]);
  });

  it("sends nothing when it is so already, and is kept by a deployment", async () => {
    const { kestra, client } = setUp();
    const input = { cronExpression: "*/20 * * * * *", agentCombinations };
    await client.scheduleMatches(input);
    const source = kestra.source("scheduled-matches");
    expect(parse(source).triggers).toMatchObject([{ withSeconds: true }]);
    kestra.requests.length = 0;
    await client.scheduleMatches(input);
    expect(kestra.writes).toEqual([]);
    await client.flows.deploy();
    expect(kestra.source("scheduled-matches")).toBe(source);
    expect((await client.flows.diff()).every(({ status }) => status === "equal")).toBe(true);
  });

  it("stays paused when it is changed while it is paused", async () => {
    const { client } = setUp();
    const schedule = await client.scheduleMatches();
    await schedule.pause();
    const changed = await client.scheduleMatches({ cronExpression: "@daily" });
    expect(await changed.status()).toMatchObject({ isPaused: true });
    await changed.resume();
    expect(await schedule.status()).toMatchObject({ isPaused: false });
  });

  it("can be set again after it was deleted", async () => {
    const { kestra, client, triggersOf } = setUp();
    const schedule = await client.scheduleMatches();
    await schedule.delete();
    expect(triggersOf("scheduled-matches")).toBeUndefined();
    expect(await client.schedules.list()).toEqual([]);
    await expect(client.schedules.get("scheduled-matches")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("scheduleMatches() and monitorTarget() set one"),
    });
    expect(await client.flows.deploy({ dryRun: true })).toContainEqual(
      expect.objectContaining({ flowId: "scheduled-matches", action: "unchanged" }),
    );
    await client.scheduleMatches({ cronExpression: "@weekly" });
    expect(triggersOf("scheduled-matches")).toMatchObject([{ id: "schedule", cron: "@weekly" }]);
    expect(kestra.writes.filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });

  it("refuses a bad cron and bad inputs before anything is sent", async () => {
    const { kestra, client } = setUp();
    await expect(client.scheduleMatches({ cronExpression: "0 99 * * *" })).rejects.toThrow(
      /cronExpression: "99" at character 3: the hour must be \*, or 0 to 23\. A cron expression is/,
    );
    await expect(client.scheduleMatches({ mode: "continuous" })).rejects.toMatchObject({
      code: "input",
    });
    expect(kestra.requests).toEqual([]);
  });
});

describe("monitorTarget", () => {
  it("deploys a flow of its own for the target, which calls continuous-monitoring", async () => {
    const { kestra, client, triggersOf } = setUp();
    const schedule = await client.monitorTarget({
      targetAgentId,
      intervalMinutes: 7,
      alertThresholdSeverity: 6.5,
    });
    const siblings = new Map([
      ["continuous-monitoring", readMeaning(await loadFlow("continuous-monitoring"))],
    ]);
    const check = { flowId: monitorId, namespace: "ai-arena", siblings };
    expect(checkFlow(kestra.source(monitorId), check)).toEqual([]);
    expect(triggersOf(monitorId)).toEqual([
      {
        id: "interval",
        type: "io.kestra.plugin.core.trigger.Schedule",
        cron: "* * * * *",
        timezone: "UTC",
        when: "{{ ((trigger.date | timestamp) / 60) % 7 == 0 }}",
      },
    ]);
    expect(schedule).toMatchObject({
      id: monitorId,
      kind: "monitor",
      targetAgentId,
      description: "Every 7 minutes",
      inputs: {
        target_agent_id: targetAgentId,
        monitoring_interval_minutes: 7,
        alert_threshold_severity: 6.5,
        match_mode: "standard",
      },
    });
    const [first, second] = schedule.nextRuns(2);
    expect(second!.getTime() - first!.getTime()).toBe(7 * 60_000);
    expect([...kestra.flows.keys()]).toContain("ai-arena/continuous-monitoring");
  });

  it("hands on all inputs and outputs of the check", async () => {
    const { kestra, client } = setUp();
    await client.monitorTarget({ targetAgentId });
    const own = parse(await loadFlow("continuous-monitoring"));
    const flow = parse(kestra.source(monitorId));
    const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);
    expect(idsOf(flow.inputs)).toEqual(idsOf(own.inputs));
    expect(idsOf(flow.outputs)).toEqual(idsOf(own.outputs));
    expect(Object.keys(flow.tasks[0].inputs)).toEqual(idsOf(own.inputs));
  });

  it("changes the monitoring of the same target, and sends nothing when it is so already", async () => {
    const { kestra, client } = setUp();
    await client.monitorTarget({ targetAgentId, intervalMinutes: 60 });
    await client.monitorTarget({ targetAgentId: redAgentId, intervalMinutes: 1 });
    kestra.requests.length = 0;
    await client.monitorTarget({ targetAgentId, intervalMinutes: 60 });
    expect(kestra.writes).toEqual([]);
    await client.monitorTarget({ targetAgentId, intervalMinutes: 90 });
    expect(kestra.writes).toEqual([`PUT flows/ai-arena/${monitorId}`]);
    const schedules = await client.schedules.list();
    expect(schedules.map(({ description }) => description)).toEqual([
      "Every minute (UTC)",
      "Every 90 minutes",
    ]);
  });

  it("takes its flow away when it is deleted", async () => {
    const { kestra, client } = setUp();
    const schedule = await client.monitorTarget({ targetAgentId });
    await schedule.delete();
    expect(kestra.flows.has(`ai-arena/${monitorId}`)).toBe(false);
    expect(await client.schedules.list()).toEqual([]);
  });

  it.each([0, 1_441, 1.5, "60"])("refuses an interval of %j minutes", async (intervalMinutes) => {
    const { kestra, client } = setUp();
    const input = { targetAgentId, intervalMinutes: intervalMinutes as number };
    await expect(client.monitorTarget(input)).rejects.toThrow(
      "intervalMinutes: must be a whole number of minutes, 1 to 1,440",
    );
    await expect(client.monitorTarget({ targetAgentId: "target" })).rejects.toMatchObject({
      code: "input",
    });
    expect(kestra.requests).toEqual([]);
  });
});

describe("a schedule's trigger", () => {
  it("starts the flow with what the schedule has, and with what is given instead", async () => {
    const { kestra, client } = setUp();
    const { intercept } = kestra;
    const started: { path: string; body: string }[] = [];
    kestra.intercept = (method, path, body) => {
      if (method !== "POST" || !path.startsWith("executions/"))
        return intercept(method, path, body);
      started.push({ path, body });
      const [, namespace, flowId] = path.split("/");
      const state = { current: "CREATED", startDate: "2026-11-24T18:00:00Z" };
      return Response.json({ id: `e${started.length}`, namespace, flowId, state, labels: [] });
    };
    const matches = await client.scheduleMatches({ agentCombinations, mode: "deep" });
    const execution = await matches.trigger({ mode: "quick" });
    expect(execution).toMatchObject({ id: "e1", flowId: "scheduled-matches", started: "new" });
    expect(started[0]).toMatchObject({ path: "executions/ai-arena/scheduled-matches" });
    expect(started[0]?.body).toMatch(/name="match_mode"\r\n\r\nquick/);
    expect(started[0]?.body).toContain(`"red_agent_id":"${redAgentId}"`);

    const monitor = await client.monitorTarget({ targetAgentId });
    await monitor.trigger({ alertThresholdSeverity: 2 });
    expect(started[1]).toMatchObject({ path: `executions/ai-arena/${monitorId}` });
    expect(started[1]?.body).toMatch(/name="target_agent_id"\r\n\r\n7f6ff1f2/);
    expect(started[1]?.body).toMatch(/name="alert_threshold_severity"\r\n\r\n2/);
  });
});

describe("schedules.get", () => {
  it("refuses an id that is no schedule's", async () => {
    const { kestra, client } = setUp();
    await expect(client.schedules.get("match-orchestration")).rejects.toThrow(
      "id: must be scheduled-matches, or the id of a monitored target's schedule",
    );
    expect(kestra.requests).toEqual([]);
  });
});
