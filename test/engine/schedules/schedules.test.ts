import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import type { KestraExecution, MatchSchedule } from "../../../src/index.ts";

import { createFlowWorld, type FlowWorld, soonRetries } from "../support/flow-world.ts";
import { until } from "./until.ts";

const lines: EngineLine[] = ["2.0", "1.3"];

describe.each(lines)("schedules on Kestra %s", (line) => {
  let world: FlowWorld;
  let schedule: MatchSchedule;

  const runsOf = async (flowId: string): Promise<KestraExecution[]> => {
    const { namespace, client } = world;
    const { results } = await client.kestra.executions.search({ namespace, flowId }, { size: 50 });
    return results;
  };
  /** The runs that the schedule itself started after an instant. */
  const firedAfter = async (instant: Date) =>
    (await runsOf("scheduled-matches")).filter(
      ({ state }) => Date.parse(state.startDate ?? "") > instant.getTime(),
    );

  beforeAll(async () => {
    world = await createFlowWorld(line, "schedules", { timeScale: 0 });
  });
  afterAll(async () => {
    await schedule?.delete();
    await world?.[Symbol.asyncDispose]();
  });

  it("are none after a deployment: what costs money runs when it is told to", async () => {
    expect(await world.client.schedules.list()).toEqual([]);
    const { namespace, client } = world;
    const [trigger] = await until(
      () => client.kestra.triggers.list({ namespace, flowId: "scheduled-matches" }),
      (triggers) => triggers.length > 0,
    );
    expect(trigger).toMatchObject({ disabled: true });
  });

  it("fire with a cron of seconds, with the right inputs", async () => {
    const { client } = world;
    const agentCombinations = [world.pairing()];
    schedule = await client.scheduleMatches({
      cronExpression: "*/5 * * * * *",
      agentCombinations,
      mode: "quick",
      maxRounds: 2,
    });
    const runs = await until(
      () => runsOf("scheduled-matches"),
      (all) => all.length >= 2,
    );
    for (const { id } of runs.slice(-2)) {
      const execution = client.executions.get("scheduled-matches", id);
      const result = await execution.result({ timeoutMs: 120_000 });
      expect(result).toMatchObject({ agentCombinations, totalMatches: 1, completedMatches: 1 });
      expect((await execution.get()).inputs).toMatchObject({
        schedule_cron: "*/5 * * * * *",
        match_mode: "quick",
        max_rounds: 2,
      });
      // The seconds for which it fired: each fifth, whenever it was that Kestra got to it.
      expect(new Date(result.tick).getTime() % 5_000).toBe(0);
    }
    const lastRun = await schedule.lastRun();
    expect(lastRun?.startedAt?.getTime()).toBeGreaterThan(Date.now() - 120_000);
  });

  it("stop when they are paused, stay so when they are changed, and go on when they are resumed", async () => {
    await schedule.pause();
    expect(await schedule.status()).toEqual({ isPaused: true, nextDate: undefined });
    const changed = await world.client.scheduleMatches({
      cronExpression: "*/3 * * * * *",
      agentCombinations: [world.pairing()],
      mode: "quick",
    });
    expect(await changed.status()).toMatchObject({ isPaused: true });
    const pausedAt = new Date();
    // That nothing happens takes a while to see: a schedule of the same engine fires meanwhile, several times.
    await firesMeanwhile(world, 3);
    expect(await firedAfter(pausedAt)).toEqual([]);

    await changed.resume();
    const [run] = await until(
      () => firedAfter(pausedAt),
      (runs) => runs.length > 0,
    );
    expect(run?.inputs ?? (await world.client.kestra.executions.get(run!.id)).inputs).toMatchObject(
      {
        schedule_cron: "*/3 * * * * *",
      },
    );
    schedule = changed;
  });

  it("are found by another client, run once by hand, and fire no more once they are deleted", async () => {
    const { client } = world;
    const [found] = await client.schedules.list();
    expect(found).toMatchObject({ id: "scheduled-matches", cron: "*/3 * * * * *" });
    const attached = await client.schedules.get("scheduled-matches");
    const { revision } = await client.flows.get("scheduled-matches");
    await client.flows.deploy({ retries: soonRetries });
    expect((await client.flows.get("scheduled-matches")).revision).toBe(revision);

    await attached.delete();
    expect(await client.schedules.list()).toEqual([]);
    const { namespace } = world;
    await until(
      () => client.kestra.triggers.list({ namespace, flowId: "scheduled-matches" }),
      (triggers) => triggers.length === 0,
    );
    const deletedAt = new Date();
    await firesMeanwhile(world, 3);
    expect(await firedAfter(deletedAt)).toEqual([]);

    const byHand = await attached.trigger({ maxRounds: 1 });
    expect(await byHand.result({ timeoutMs: 120_000 })).toMatchObject({
      totalMatches: 1,
      completedMatches: 1,
    });
  });

  it("say the next run that Kestra itself has", async () => {
    const set = await world.client.scheduleMatches({
      cronExpression: "30 8 * * MON-FRI",
      timezone: "Europe/Berlin",
    });
    const { nextDate } = await until(
      () => set.status(),
      (status) => status.nextDate !== undefined,
    );
    expect(set.nextRuns(1)).toEqual([nextDate]);
    await set.delete();
  });

  it("check a target by a flow of its own, which Kestra finds right and which hands on the result", async () => {
    const { client } = world;
    const { targetAgentId } = world.pairing();
    const monitor = await client.monitorTarget({
      targetAgentId,
      intervalMinutes: 7,
      mode: "quick",
      alertThresholdSeverity: 9.5,
    });
    const { source } = await client.flows.get(monitor.flowId);
    expect((await client.kestra.flows.validate(source)).constraints).toBeUndefined();

    const execution = await monitor.trigger();
    expect(await execution.result({ timeoutMs: 120_000 })).toMatchObject({
      event: "none",
      checks: 1,
      undeliveredAlerts: 0,
    });
    expect((await monitor.lastRun())?.executionId).toBe(execution.id);
    const [check] = await runsOf("continuous-monitoring");
    const { inputs } = await client.kestra.executions.get(check!.id);
    expect(inputs).toMatchObject({
      target_agent_id: targetAgentId,
      monitoring_interval_minutes: 7,
      alert_threshold_severity: 9.5,
      match_mode: "quick",
    });

    const again = await client.monitorTarget({
      targetAgentId,
      intervalMinutes: 7,
      mode: "quick",
      alertThresholdSeverity: 9.5,
    });
    expect((await client.flows.get(again.flowId)).revision).toBe(1);
    await again.pause();
    expect(await again.status()).toMatchObject({ isPaused: true });
    await again.delete();
    expect(await client.schedules.list()).toEqual([]);
  });
});

/** Waits until a schedule of its own has fired so often, and takes it away again. */
async function firesMeanwhile({ client, namespace }: FlowWorld, count: number): Promise<void> {
  const flowId = `clock-${crypto.randomUUID().slice(0, 8)}`;
  await client.kestra.flows.create(`id: ${flowId}
namespace: ${namespace}
tasks:
  - id: tick
    type: io.kestra.plugin.core.log.Log
    message: tick
triggers:
  - id: tick
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "*/3 * * * * *"
    withSeconds: true
`);
  await until(
    () => client.kestra.executions.search({ namespace, flowId }),
    ({ total }) => total >= count,
  );
  await client.kestra.flows.delete(namespace, flowId);
}
