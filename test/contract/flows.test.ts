import { describe, expect, it } from "vitest";
import { recordedLines, recordingOf, replay } from "../support/recordings.ts";

const namespace = "ai-arena.recording";

describe.each(recordedLines)("Flows on $version", ({ line }) => {
  const api = (name: string) => replay(line, name).flows;
  const source = (name: string) => recordingOf(line, name).request.body ?? "";

  it.each([
    "flow-create",
    "flow-create-failparent",
    "flow-create-queued",
    "flow-create-fileout",
    "flow-create-disabledflow",
  ])("are created from their source: %s", async (name) => {
    const flow = await api(name).create(source(name));
    expect(flow).toMatchObject({ namespace, revision: 1 });
    expect(flow.source).toBe(source(name));
  });

  it("say when they exist already", async () => {
    const name = "flow-create-duplicate";
    const flows = api(name);
    const error: unknown = await flows.create(source(name)).catch((thrown: unknown) => thrown);
    expect(await flows.saysExists(error)).toBe(true);
  });

  it("say when they are wrong, which is not that they exist", async () => {
    const name = "flow-create-invalid";
    const flows = api(name);
    const error: unknown = await flows.create(source(name)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "kestra", status: 422 });
    expect(String(error)).toContain("Invalid type: io.kestra.plugin.core.log.Nope");
    expect(await flows.saysExists(error)).toBe(false);
  });

  it("keep their revision when nothing has changed", async () => {
    const flow = await api("flow-update-unchanged").update(
      namespace,
      "child",
      source("flow-update-unchanged"),
    );
    expect(flow.revision).toBe(1);
    const changed = await api("flow-update-changed").update(
      namespace,
      "child",
      source("flow-update-changed"),
    );
    expect(changed.revision).toBe(2);
  });

  it("are read with their source, comments and all", async () => {
    const flow = await api("flow-get").get(namespace, "child");
    expect(flow.source).toContain("# a comment stays in the source");
  });

  it("that do not exist are not found", async () => {
    expect(await api("flow-get-unknown").find(namespace, "nope")).toBeUndefined();
    const update = api("flow-update-unknown").update(
      namespace,
      "never-created",
      source("flow-update-unknown"),
    );
    await expect(update).rejects.toMatchObject({ code: "not_found" });
    const deletion = api("flow-delete-unknown").delete(namespace, "looped");
    await expect(deletion).rejects.toMatchObject({ code: "not_found" });
  });

  it("are deleted", async () => {
    await expect(api("flow-delete").delete(namespace, "looped")).resolves.toBeUndefined();
  });

  it.each([
    ["flow-validate-valid", undefined],
    ["flow-validate-unknown-task-type", "Invalid type: io.kestra.plugin.core.log.Nope"],
    ["flow-validate-broken-yaml", "mapping values are not allowed here"],
    ["flow-validate-self-call", "Recursive call to flow"],
  ])("are validated: %s", async (name, constraint) => {
    const { constraints } = await api(name).validate(source(name));
    if (constraint === undefined) expect(constraints).toBeUndefined();
    else expect(constraints).toContain(constraint);
  });

  it("are validated with warnings", async () => {
    const name = "flow-validate-unknown-subflow";
    const { warnings } = await api(name).validate(source(name));
    expect(warnings).toEqual([expect.stringContaining("nowhere")]);
  });
});

describe.each(recordedLines)("What else there is on $version", ({ line }) => {
  it("a key-value store", async () => {
    const kv = (name: string) => replay(line, name).kv;
    await kv("kv-put").set(namespace, "arena", { a: 1 });
    await kv("kv-put-with-ttl").set(namespace, "short", "x", { ttl: "PT1H" });
    expect(await kv("kv-get").get(namespace, "arena")).toEqual({ a: 1 });
    expect(await kv("kv-get-unknown").get(namespace, "none")).toBeUndefined();
    expect(await kv("kv-delete").delete(namespace, "arena")).toBe(true);
  });

  it("schedules with their next run, on or off", async () => {
    const list = (name: string) => replay(line, name).triggers.list({ namespace });
    const trigger = { namespace, flowId: "sched", triggerId: "every6h" };
    const nextDate = "2026-11-25T00:00:00Z";
    expect(await list("triggers-search")).toMatchObject([
      { ...trigger, disabled: false, nextDate },
    ]);
    expect(await list("triggers-search-disabled")).toMatchObject([{ ...trigger, disabled: true }]);
  });

  it("webhooks, whose key is their secret", async () => {
    const webhook = (name: string, key: string, body: unknown) =>
      replay(line, name).webhooks.call({ namespace, flowId: "hook", key, body });
    const key = "recordingKey0123456789abcdef";
    expect(await webhook("webhook", key, { who: "hooked" })).toMatchObject({ kind: "started" });
    await expect(webhook("webhook-wrong-key", "wrong", {})).rejects.toMatchObject({
      code: "not_found",
      detail: expect.stringContaining("Webhook not found"),
    });
  });
});
