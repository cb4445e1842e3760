import { setTimeout as delay } from "node:timers/promises";
import {
  alertWebhook,
  type FlowAddOn,
  KestraArenaClient,
  postgresStorage,
  slackNotification,
} from "kestra-arena";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type EngineLine, startEngine } from "../../../engine/index.ts";
import { type Arena, startArena } from "../../../examples/arena/index.ts";
import { startWebhookServer, type WebhookServer } from "./webhook-server.ts";

const secretPath = "/services/T0/B0/only-kestra-knows";
const token = "token-that-nobody-sees";
const base64 = (text: string) => Buffer.from(text).toString("base64");

// An engine of its own: add-ons read the secrets of Kestra's environment.
describe.each<EngineLine>(["2.0", "1.3"])("add-ons on Kestra %s", (line) => {
  let engine: Engine;
  let arena: Arena;
  let webhooks: WebhookServer;
  let client: KestraArenaClient;

  beforeAll(async () => {
    [arena, webhooks] = await Promise.all([startArena({ timeScale: 0 }), startWebhookServer()]);
    engine = await startEngine({
      line,
      env: {
        ENV_ARENA_API_URL: arena.url,
        SECRET_SLACK_WEBHOOK_URL: base64(`${webhooks.url}${secretPath}`),
        SECRET_ALERT_WEBHOOK_URL: base64(`${webhooks.url}/broken`),
        SECRET_ALERT_TOKEN: base64(token),
      },
    });
    client = new KestraArenaClient({ url: engine.url, namespace: "ai-arena.add-ons" });
  });
  afterAll(async () => {
    await engine?.stop();
    await arena?.close();
    await webhooks?.[Symbol.asyncDispose]();
  });

  it("play a match with every add-on, whatever becomes of the alerts", async () => {
    const own: FlowAddOn = {
      name: "note",
      tasks: [
        {
          id: "note",
          type: "io.kestra.plugin.core.log.Log",
          message: "noted {{ execution.id }}",
        },
      ],
    };
    const addOns = [
      slackNotification({ on: "end" }),
      alertWebhook({ on: "end", token: { secret: "ALERT_TOKEN" } }),
      own,
    ];
    const [red, blue, target] = await agentsOf(arena);
    await client.flows.deploy({ flows: { "match-orchestration": { addOns } } });

    const execution = await client.runMatch({
      redAgentId: red,
      blueAgentId: blue,
      targetAgentId: target,
      mode: "quick",
    });
    const { matchId, winner } = await execution.result({ timeoutMs: 120_000 });

    const deliveriesOf = (path: string) =>
      webhooks.deliveries.filter(
        (delivery) =>
          delivery.path === path && JSON.stringify(delivery.body).includes(execution.id),
      );
    const slack = await until(() => deliveriesOf(secretPath), 1);
    expect(slack).toHaveLength(1);
    expect(slack[0]?.body).toEqual({
      text: `ai-arena.add-ons.match-orchestration ${execution.id}: SUCCESS | match ${matchId} | winner ${winner}`,
    });
    // It is answered with 500 each time, and given up on.
    const [alert] = await until(() => deliveriesOf("/broken"), 3);
    expect(alert?.authorization).toBe(`Bearer ${token}`);
    expect(alert?.body).toMatchObject({
      flow_id: "match-orchestration",
      namespace: "ai-arena.add-ons",
      execution_id: execution.id,
      state: "SUCCESS",
      outputs: { match_id: matchId },
    });
    const ended = await until(async () => {
      const { taskRunList } = await execution.get();
      return taskRunList.filter(
        ({ taskId, state }) => taskId === "alert_webhook_send" && state.endDate,
      );
    }, 1);
    expect(ended[0]?.state.current).toBe("WARNING");
    expect((await execution.get()).state.current).toBe("SUCCESS");

    const logs: string[] = [];
    for await (const { message } of execution.logs()) logs.push(message);
    expect(logs.join("\n")).toContain(`noted ${execution.id}`);
    const said = logs.join("\n") + JSON.stringify(await everyOutput(client, execution.id));
    expect(said).not.toContain(secretPath);
    expect(said).not.toContain(token);
  });

  it("tell Slack why a match failed, with nothing of it for Slack to act on", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    const [red, blue] = await agentsOf(arena);
    await client.flows.deploy({
      flows: { "match-orchestration": { addOns: [slackNotification()] } },
    });
    const execution = await client.runMatch({
      redAgentId: red,
      blueAgentId: blue,
      targetAgentId: nobody,
    });
    expect(await execution.outcome({ timeoutMs: 120_000 })).toMatchObject({ ok: false });
    const [delivery] = await until(
      () =>
        webhooks.deliveries.filter(({ body }) =>
          String(body.text).includes(`${execution.id}: FAILED`),
        ),
      1,
    );
    expect(delivery?.body.text).toContain(nobody);
    expect(delivery?.body.text).not.toMatch(/[<>]/);
  });

  it("need Kestra's jdbc plugin for postgresStorage, and nothing else is wrong with it", async () => {
    // The plugin is not among the modules of the embedded engine: that it is missing is all that can be seen here. What
    // its SQL does is tested on a PostgreSQL in the unit tests.
    const flows = { "match-orchestration": { addOns: [postgresStorage()] } };
    const [report] = await client.flows.validate({
      only: ["match-orchestration"],
      flows,
    });
    const messages = report?.problems.map(({ message }) => message.split("\n")[0]) ?? [];
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      expect(message).toMatch(/Invalid type: io\.kestra\.plugin\.jdbc\.postgresql\.Query/);
    }
  });
});

async function agentsOf(arena: Arena): Promise<[string, string, string]> {
  const ids = await Promise.all(
    ["red", "blue", "target"].map(async (type) => {
      const response = await fetch(`${arena.url}/api/agents?type=${type}`);
      const [agent] = (await response.json()) as { id: string }[];
      return agent!.id;
    }),
  );
  return ids as [string, string, string];
}

async function everyOutput(client: KestraArenaClient, executionId: string): Promise<unknown> {
  const { taskRunList, ...execution } = await client.kestra.executions.get(executionId);
  if ((await client.kestra.line()) === "1.3") return [execution, taskRunList];
  const base = `${client.options.url}/api/v1/main/outputs/tasks/${executionId}`;
  return Promise.all(taskRunList.map(async ({ id }) => (await fetch(`${base}/${id}`)).text()));
}

/** Looks until there are so many, or for a minute. */
async function until<Item>(look: () => Item[] | Promise<Item[]>, count: number): Promise<Item[]> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found.length >= count || performance.now() > deadline) return found;
    await delay(100);
  }
}
