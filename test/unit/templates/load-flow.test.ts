import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { templateIds } from "../../../src/flows/index.ts";
import { type LoadFlowOptions, loadFlow } from "../../../src/templates/load-flow.ts";

const asset = (path: string) =>
  readFile(new URL(`../../../flows/${path}`, import.meta.url), "utf8");
const match = (options: LoadFlowOptions) => loadFlow("match-orchestration", options);
const refusal = (options: LoadFlowOptions) =>
  match(options).then(
    () => "not refused",
    (error: Error) => error.message,
  );

describe("loadFlow", () => {
  it("gives the package's own text, byte for byte, when nothing is customised", async () => {
    for (const flowId of templateIds) {
      expect(await loadFlow(flowId)).toBe(await asset(`${flowId}.yml`));
      expect(await loadFlow(flowId, { namespace: "ai-arena", line: "2" })).toBe(
        await asset(`${flowId}.yml`),
      );
    }
  });

  it("gives the text for the other line where there is one, else the common one", async () => {
    for (const flowId of templateIds) {
      const own = await asset(`kestra-1.3/${flowId}.yml`).catch(() => undefined);
      expect(await loadFlow(flowId, { line: "1.3" })).toBe(own ?? (await asset(`${flowId}.yml`)));
    }
  });

  it("sets the namespace and nothing else", async () => {
    const text = await asset("match-orchestration.yml");
    expect(await match({ namespace: "team.red" })).toBe(
      text.replace("namespace: ai-arena", "namespace: team.red"),
    );
  });

  it("sets knobs and keeps every comment and line around them", async () => {
    const text = await asset("match-orchestration.yml");
    const customised = await match({
      variables: { cancelled_retries: 9, arena_api_url: "http://arena.test:3001" },
      timeouts: { readMs: 90_500, connectMs: 2_000 },
    });
    expect(customised).toBe(
      text
        .replace("cancelled_retries: 3", "cancelled_retries: 9")
        .replace(/arena_api_url: ".*"/, "arena_api_url: http://arena.test:3001")
        .replace("read_timeout: PT15S", "read_timeout: PT90.5S")
        .replace("connect_timeout: PT5S", "connect_timeout: PT2S"),
    );
  });

  it("refuses a knob that the flow has not, with a list of those that it has", async () => {
    expect(await refusal({ variables: { speed: 3 } })).toMatch(
      /^Template of match-orchestration: variables\.speed: is no knob of this flow; it has arena_api_url, .*cancelled_retries/,
    );
    await expect(loadFlow("batch-lane", { variables: { speed: 3 } })).rejects.toThrow("has none");
    expect(await refusal({ variables: { arena_headers: "{{ {} }}" } })).toContain("is no knob");
  });

  it.each([
    [{ cancelled_retries: "9" }, "must be a number"],
    [{ cancelled_retries: 1.5 }, "must be a whole number"],
    [{ cancelled_retries: -1 }, "must not be negative"],
    [{ read_timeout: "15 s" }, "must be an ISO duration, such as PT30S"],
    [{ arena_api_url: 3 }, "must be a text"],
    [{ arena_api_key: "plain-text-key" }, "must not be in a flow as plain text"],
  ])("checks %j against the type of the present value", async (variables, message) => {
    expect(await refusal({ variables })).toContain(message);
    expect(await refusal({ variables })).not.toContain("plain-text-key");
  });

  it("takes a secret as an expression", async () => {
    const arena_api_key = "{{ secret('ARENA_API_KEY') }}";
    expect(parse(await match({ variables: { arena_api_key } })).variables).toMatchObject({
      arena_api_key,
    });
  });

  it("sets every retry of the flow at once", async () => {
    const before = await asset("match-orchestration.yml");
    const customised = await match({ retries: { maxAttempts: 8, intervalMs: 2_000 } });
    const count = (text: string, part: string) => text.split(part).length - 1;
    expect(count(customised, "maxAttempts: 8")).toBe(count(before, "maxAttempts: 5"));
    expect(count(customised, " interval: PT2S")).toBe(count(before, " interval: PT1S"));
    expect(await refusal({ retries: { maxAttempts: 0 } })).toContain(
      "must be a whole number from 1",
    );
    await expect(loadFlow("batch-lane", { retries: { maxAttempts: 2 } })).rejects.toThrow(
      "no task of this flow is retried",
    );
  });

  it("sets how many run at a time", async () => {
    expect(parse(await match({ concurrency: 1 })).concurrency).toEqual({
      limit: 1,
      behavior: "QUEUE",
    });
    const failing = { limit: 2, behavior: "FAIL" } as const;
    expect(parse(await match({ concurrency: failing })).concurrency).toEqual(failing);
    expect(await refusal({ concurrency: 0 })).toContain(
      "concurrency: must be a whole number from 1",
    );
  });

  it("adds labels to those of the template", async () => {
    const { labels } = parse(await asset("match-orchestration.yml"));
    const labelled = parse(await match({ labels: { team: "red" } }));
    expect(labelled.labels).toEqual({ ...labels, team: "red" });
    expect(await refusal({ labels: { "a b": "x", "system.x": "y" } })).toMatch(
      /labels\.a b: must have a key.*labels\.system\.x: must have a key/,
    );
  });

  it("refuses a cron for a flow that runs on no schedule, and a bad one", async () => {
    expect(await refusal({ cron: "0 * * * *" })).toContain("this flow has no Schedule trigger");
    expect(await refusal({ cron: "61 * * * *" })).toContain('"61" at character 1');
  });

  it("hands the document to edit, and keeps comments and order", async () => {
    const text = await match({
      edit: (document) => {
        document.setIn(["tasks", 0, "description"], "Mine.");
      },
    });
    expect(parse(text).tasks[0].description).toBe("Mine.");
    expect(text).toContain("# How often a match is created anew");
    expect(Object.keys(parse(text))).toEqual(
      Object.keys(parse(await asset("match-orchestration.yml"))),
    );
    expect(await refusal({ edit: (document) => document.set("id", "other") })).toContain(
      "must leave the flow's id as it is",
    );
  });

  it("says everything that is wrong at once", async () => {
    const message = await refusal({
      variables: { speed: 1 },
      concurrency: -1,
      retries: { delayFactor: 0 },
    });
    expect(message).toMatch(/variables\.speed.*retries\.delayFactor.*concurrency/);
  });

  it("refuses an unknown flow, option, line and namespace", async () => {
    await expect(loadFlow("match")).rejects.toThrow(/is none of the package's flows \(match-/);
    await expect(loadFlow("../package")).rejects.toThrow("is none of the package's flows");
    expect(await refusal({ variable: {} } as LoadFlowOptions)).toContain("variable: is no option");
    expect(await refusal({ line: "3" as "2" })).toContain('line: must be "2" or "1.3"');
    expect(await refusal({ namespace: "a b" })).toContain("namespace: must be lower-case");
  });
});
