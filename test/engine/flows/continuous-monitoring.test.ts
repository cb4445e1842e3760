import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import {
  continuousMonitoring,
  type MonitoringInput,
} from "../../../src/flows/continuous-monitoring.ts";
import { matchesOf, matchOf } from "../support/arena-calls.ts";
import { addControlAgent } from "../support/control-agent.ts";
import { eventually } from "../support/eventually.ts";
import { failingRoutes } from "../support/failing-routes.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { everythingAbout } from "../support/leaks.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";
import { startWebhook, type Webhook } from "../support/webhook.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
/** Every check is over this threshold, however the match went, … */
const over = 0;
/** … and with this one and no margin none is. */
const under = 10;

describe.each(lines)("continuous-monitoring on Kestra %s", (line) => {
  let world: FlowWorld;
  let webhook: Webhook;

  beforeAll(async () => {
    world = await createFlowWorld(
      line,
      "monitoring",
      { timeScale: 0, alerts: true, targets: 12 },
      // An address that only the flows see, as from a secret.
      {
        clear_margin: 0,
        alert_webhook_url: "{{ kv('WEBHOOK', errorOnMissing=false) ?? '' }}",
        cancelled_retries: 0,
      },
    );
    webhook = await startWebhook();
  });
  afterAll(async () => {
    await webhook?.close();
    await world?.[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    world.arena.setFaults({});
    await world.client.kestra.kv.delete(world.namespace, "WEBHOOK");
  });

  const useWebhook = () => world.client.kestra.kv.set(world.namespace, "WEBHOOK", webhook.url);
  const targetOf = (number: number) => world.pairing(0, 0, number).targetAgentId;
  const start = (targetAgentId: string, threshold: number, input: Partial<MonitoringInput> = {}) =>
    world.client.start(continuousMonitoring, {
      targetAgentId,
      alertThresholdSeverity: threshold,
      mode: "quick",
      ...input,
    });
  const check = async (...args: Parameters<typeof start>) => (await start(...args)).result();
  const alertsOf = (targetAgentId: string) =>
    world.arena.alerts
      .map(({ body }) => body)
      .filter(({ target_agent_id }) => target_agent_id === targetAgentId);
  const memoryOf = (targetAgentId: string) => `continuous-monitoring.${targetAgentId}`;

  it("raises one alert for one incident, and says once that it is over", async () => {
    const target = targetOf(0);
    const events: string[] = [];
    for (const threshold of [over, over, over, under, over, under, under, under]) {
      events.push((await check(target, threshold)).event);
    }

    expect(events).toEqual([
      ...["none", "raised", "none"],
      ...["none", "none", "none", "resolved", "none"],
    ]);
    const [raised, resolved, ...more] = alertsOf(target);
    expect(more).toEqual([]);
    expect(raised).toMatchObject({ event: "raised", match_id: expect.stringMatching(/^AR-/) });
    expect(raised).toMatchObject({ severity: expect.any(Number) });
    expect(raised).toMatchObject({ critical_vulnerabilities: expect.any(Number) });
    expect(resolved).toMatchObject({ event: "resolved", incident_id: raised!.incident_id });
  });

  it("keeps an alert that could not be delivered for the next check, and warns", async () => {
    const target = targetOf(1);
    world.arena.setFaults({ routes: [{ route: "POST /api/alerts", kind: "status", status: 500 }] });
    await check(target, over);

    const execution = await start(target, over);
    const failing = await execution.outcome();

    expect(failing).toMatchObject({ ok: true, state: "WARNING" });
    expect(failing).toMatchObject({ result: { event: "raised", undeliveredAlerts: 1 } });
    expect(alertsOf(target)).toEqual([]);

    world.arena.setFaults({});
    const next = await check(target, over);

    expect(next).toMatchObject({ event: "none", undeliveredAlerts: 0 });
    expect(alertsOf(target)).toMatchObject([{ event: "raised" }]);
  });

  it("does the same when the connection is cut", async () => {
    const target = targetOf(2);
    world.arena.setFaults({ routes: [{ route: "POST /api/alerts", kind: "reset" }] });
    await check(target, over);

    const failing = await (await start(target, over)).outcome();
    world.arena.setFaults({});
    const next = await check(target, over);

    expect(failing).toMatchObject({ ok: true, state: "WARNING" });
    expect(next).toMatchObject({ undeliveredAlerts: 0 });
    expect(alertsOf(target)).toMatchObject([{ event: "raised" }]);
  });

  it("tells a webhook in Slack's shape, and nobody its address", async () => {
    await useWebhook();
    const target = targetOf(3);
    await check(target, over);

    const execution = await start(target, over);
    expect(await execution.result()).toMatchObject({ event: "raised", undeliveredAlerts: 0 });

    expect(webhook.received).toEqual([{ text: expect.stringMatching(/^Alert: target agent .+/) }]);
    const text = await everythingAbout(world, execution.id);
    expect(text).toContain("raised");
    expect(text).not.toContain(webhook.secret);
  });

  it("tries a webhook again that refused, and takes its word where the arena takes no alerts", async () => {
    await useWebhook();
    const target = targetOf(4);
    webhook.answer = 500;
    world.arena.setFaults({ routes: [{ route: "POST /api/alerts", kind: "status", status: 404 }] });
    await check(target, over);

    const execution = await start(target, over);
    const failing = await execution.outcome();
    const already = webhook.received.length;
    webhook.answer = 200;
    webhook.body = "";
    const last = await start(target, over);
    const next = await last.result();

    expect(failing).toMatchObject({ ok: true, state: "WARNING", result: { undeliveredAlerts: 2 } });
    expect(next).toMatchObject({ undeliveredAlerts: 0 });
    expect(webhook.received.slice(already)).toHaveLength(1);
    for (const { id } of [execution, last]) {
      expect(await everythingAbout(world, id)).not.toContain(webhook.secret);
    }
  });

  it("counts the checks in a row anew after a long gap", async () => {
    const target = targetOf(5);
    const longAgo = Math.floor(Date.now() / 1000) - 4 * 60 * 60;
    await world.client.kestra.kv.set(world.namespace, memoryOf(target), {
      checks: 1,
      over: 1,
      under: 0,
      history: [{ at: longAgo, match_id: "AR-0", severity: 9, attacks: 5, successes: 5 }],
    });

    expect((await check(target, over, { monitoringIntervalMinutes: 60 })).event).toBe("none");
    expect((await check(target, over, { monitoringIntervalMinutes: 60 })).event).toBe("raised");
  });

  it("alerts when far more gets through than in the target's own history", async () => {
    const target = targetOf(6);
    const now = Math.floor(Date.now() / 1000);
    const quiet = { match_id: "AR-0", severity: 0, attacks: 200, successes: 0, incident: false };
    await world.client.kestra.kv.set(world.namespace, memoryOf(target), {
      checks: 5,
      over: 0,
      under: 5,
      history: Array.from({ length: 5 }, () => ({ at: now, ...quiet })),
    });

    const results = [await check(target, under), await check(target, under)];

    expect(results.map(({ metrics }) => metrics.attackOutcomes.success)).not.toContain(0);
    expect(results.map(({ event }) => event)).toEqual(["none", "raised"]);
    expect(alertsOf(target)).toMatchObject([
      { reason: expect.stringMatching(/^far more attacks get through than before/) },
    ]);
  });

  it("lets the arena's attackers and defenders take turns, and no control agent", async () => {
    const target = targetOf(7);
    const control = await addControlAgent(world.arena);
    for (let number = 0; number < 4; number += 1) await check(target, under);

    const matches = (await matchesOf(world.arena)).filter(
      ({ targetAgentId }) => targetAgentId === target,
    );

    const pairs = matches.map(({ redAgentId, blueAgentId }) => `${redAgentId} ${blueAgentId}`);
    expect(new Set(pairs).size).toBe(4);
    expect(matches.map(({ redAgentId }) => redAgentId)).not.toContain(control);
  });

  it("rides out errors of the arena that go away", async () => {
    world.arena.setFaults(failingRoutes(1));

    expect(await check(targetOf(8), under)).toMatchObject({ event: "none", checks: 1 });
  });

  it("fails when nothing listens where the arena should be, and says where that is", async () => {
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      expect(await reasonOf(await start(targetOf(9), over))).toContain(
        `Connect to ${address} failed`,
      );
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("counts no match that has no result as a check", async () => {
    const target = targetOf(9);
    await check(target, over);
    world.arena.setFaults({ matches: [{ kind: "cancelled" }] });
    const cancelled = await reasonOf(await start(target, over));
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const endless = await reasonOf(await start(target, over, { maxWaitSeconds: 1 }));
    world.arena.setFaults({});

    expect(cancelled).toMatch(/was cancelled by the arena/);
    expect(endless).toMatch(/is still running after 1 seconds/);
    expect(alertsOf(target)).toEqual([]);
    expect(await check(target, over)).toMatchObject({ checks: 2, event: "raised" });
  });

  it("ends as KILLED when it is killed, and stops its match", async () => {
    const target = targetOf(10);
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const execution = await start(target, over);
    const matchId = await eventually(async () => {
      const match = (await matchesOf(world.arena)).find((one) => one.targetAgentId === target);
      expect(match?.status).toBe("running");
      return match!.id;
    });

    expect(await execution.cancel()).toMatchObject({ hasEnded: true, state: "KILLED" });

    await eventually(async () => {
      expect((await matchOf(world.arena, matchId)).status).toBe("paused");
    });
  });

  it("names a target that does not exist, and one that is none", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    const { redAgentId } = world.pairing();

    expect(await reasonOf(await start(unknown, over))).toContain(
      `target agent ${unknown} does not exist`,
    );
    expect(await reasonOf(await start(redAgentId, over))).toContain(
      `target agent ${redAgentId} is of type red`,
    );
  });
});
