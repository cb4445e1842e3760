import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { FlowAddOn } from "../../../src/templates/add-ons/add-on.ts";
import { alertWebhook } from "../../../src/templates/add-ons/alert-webhook.ts";
import { postgresStorage } from "../../../src/templates/add-ons/postgres-storage.ts";
import { slackNotification } from "../../../src/templates/add-ons/slack-notification.ts";
import { loadFlow } from "../../../src/templates/load-flow.ts";

const withAddOns = (...addOns: FlowAddOn[]) => loadFlow("match-orchestration", { addOns });
const log = "io.kestra.plugin.core.log.Log";

/** Everything in a flow but the block that add-ons append to. */
const core = (text: string) => ({ ...parse(text), afterExecution: undefined });

describe("an add-on", () => {
  it("appends its tasks and leaves every line of the flow as it is", async () => {
    const text = await loadFlow("match-orchestration");
    const added = await withAddOns(slackNotification(), alertWebhook(), postgresStorage());
    const lines = new Set(added.split("\n"));
    expect(text.split("\n").filter((line) => !lines.has(line))).toEqual([]);
    expect(core(added)).toEqual(core(text));
    const ids = parse(added).afterExecution.map(({ id }: { id: string }) => id);
    expect(ids.slice(-3)).toEqual(["slack_notification", "alert_webhook", "postgres_storage"]);
  });

  it("of the user's own can add to every block, and variables", async () => {
    const own: FlowAddOn = {
      name: "audit",
      variables: { audit_channel: "#red" },
      tasks: [{ id: "audit_task", type: log, message: "{{ vars.audit_channel }}" }],
      errors: [{ id: "audit_error", type: log, message: "{{ errorLogs() }}" }],
      finally: [{ id: "audit_finally", type: log, message: "done" }],
      afterExecution: [{ id: "audit_after", type: log, message: "{{ execution.state }}" }],
    };
    const flow = parse(await withAddOns(own));
    expect(flow.variables.audit_channel).toBe("#red");
    for (const [block, id] of [
      ["tasks", "audit_task"],
      ["errors", "audit_error"],
      ["finally", "audit_finally"],
      ["afterExecution", "audit_after"],
    ] as const) {
      expect(flow[block].at(-1)).toMatchObject({ id });
    }
  });

  it.each<[string, FlowAddOn]>([
    ["is the id of another task of the flow", { name: "x", tasks: [{ id: "agents", type: log }] }],
    [
      "is a variable of match-orchestration already",
      {
        name: "x",
        variables: { read_timeout: "PT1S" },
        tasks: [{ id: "y", type: log }],
      },
    ],
    ["adds no task", { name: "x" }],
    ["must have an id", { name: "x", tasks: [{ id: "a b", type: log }] }],
    ["must have an id", { name: "x", tasks: [{ id: "ab", type: "Log" }] }],
    [
      "is for batch-evaluation, not for match-orchestration",
      {
        name: "x",
        flows: ["batch-evaluation"],
        tasks: [{ id: "y", type: log }],
      },
    ],
    [
      "has its password as plain text",
      {
        name: "x",
        tasks: [{ id: "y", type: log, password: "hunter22" }],
      },
    ],
  ])("is refused when it %s", async (message, addOn) => {
    const error = await withAddOns(addOn).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "input", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("hunter22");
  });

  it("is refused when it is added twice", async () => {
    await expect(withAddOns(slackNotification(), slackNotification())).rejects.toThrow(
      "slack_notification: is the id of another task",
    );
  });

  it("takes its secrets from Kestra by name, never by value", async () => {
    const text = await withAddOns(
      slackNotification({ webhookSecret: "RED_TEAM_SLACK" }),
      alertWebhook({ url: { env: "ALERT_URL" }, token: { secret: "ALERT_TOKEN" } }),
    );
    expect(text).toContain("{{ secret('RED_TEAM_SLACK') }}");
    expect(text).toContain("{{ envs.alert_url }}");
    expect(text).toContain("Bearer {{ secret('ALERT_TOKEN') }}");
    const url = "https://hooks.slack.test/services/T0/B0/XXXX";
    const refused = () => slackNotification({ webhookSecret: url });
    expect(refused).toThrow(/webhookSecret: must name where Kestra finds the value/);
    expect(refused).not.toThrow(/XXXX/);
    expect(() => alertWebhook({ url: { secret: "x') }} {{ kv('y" } })).toThrow("must name where");
  });

  it("says when it is sent, and refuses any other occasion", async () => {
    const last = async (on: "failure" | "success" | "end") =>
      parse(await withAddOns(slackNotification({ on }))).afterExecution.at(-1);
    expect((await last("failure")).runIf).toContain("'FAILED'");
    expect((await last("success")).runIf).toContain("'SUCCESS'");
    expect(await last("end")).not.toHaveProperty("runIf");
    expect(() => slackNotification({ on: "never" as "end" })).toThrow('must be "failure"');
  });
});
