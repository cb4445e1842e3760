import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { DeployError, isArenaError } from "../../../src/errors.ts";
import { templateIds } from "../../../src/flows/index.ts";
import { loadFlow } from "../../../src/templates/load-flow.ts";
import { FakeKestra, problem } from "./fake-kestra.ts";

const actions = (flows: { flowId: string; action: string }[]) =>
  Object.fromEntries(flows.map(({ flowId, action }) => [flowId, action]));

describe("flows.deploy", () => {
  it("creates every flow with one call each, callees before their callers", async () => {
    const kestra = new FakeKestra();
    const flows = await kestra.client.deploy();
    expect(new Set(flows.map(({ action }) => action))).toEqual(new Set(["created"]));
    expect(flows.map(({ revision }) => revision)).toEqual(flows.map(() => 1));
    expect([...kestra.flows.keys()].sort()).toEqual(
      [...templateIds].map((flowId) => `ai-arena/${flowId}`).sort(),
    );
    const order = flows.map(({ flowId }) => flowId);
    expect(order.indexOf("match-orchestration")).toBeLessThan(order.indexOf("batch-lane"));
    expect(order.indexOf("batch-lane")).toBeLessThan(order.indexOf("batch-evaluation"));
  });

  it("leaves the package's text as it is, but for one line with its stamp", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    const [stamp, ...rest] = kestra.source("match-orchestration").split("\n");
    expect(stamp).toMatch(/^# Deployed by kestra-arena \d+\.\d+\.\d+, content [0-9a-f]{32}\./);
    expect(rest.join("\n")).toBe(await loadFlow("match-orchestration"));
  });

  it("sends nothing the second time, whatever was done to the format", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    kestra.edit("batch-lane", (source) => stringify(parse(source), { lineWidth: 40 }));
    kestra.requests.length = 0;
    const flows = await kestra.client.deploy();
    expect(new Set(flows.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
    expect(kestra.requests.every((line) => line.startsWith("GET"))).toBe(true);
  });

  it("updates what the package changed since", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy({ flows: { "match-orchestration": { concurrency: 1 } } });
    const flows = await kestra.client.deploy();
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "updated",
      "batch-evaluation": "unchanged",
    });
    expect(flows.find(({ action }) => action === "updated")).toMatchObject({
      revision: 2,
      changes: [{ path: "concurrency", wanted: undefined }],
    });
  });

  it("keeps a flow that was edited in Kestra, deploys the others, and says so", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy({ only: ["match-orchestration"] });
    kestra.edit("match-orchestration", (source) =>
      source.replace("read_timeout: PT15S", "read_timeout: PT99S"),
    );
    const flows = await kestra.client.deploy();
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "kept",
      "batch-lane": "created",
    });
    const [kept] = flows.filter(({ action }) => action === "kept");
    expect(kept?.changes).toEqual([
      { path: "variables.read_timeout", deployed: "PT99S", wanted: "PT15S" },
    ]);
    expect(kestra.source("match-orchestration")).toContain("PT99S");
    expect(kestra.warnings).toEqual([expect.stringContaining("variables.read_timeout")]);
  });

  it("warns of an edit that the SDK will stumble over", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    kestra.edit("match-orchestration", (source) => source.replaceAll("max_rounds", "most_rounds"));
    await kestra.client.deploy();
    expect(kestra.warnings.join()).toContain("input max_rounds: is missing");
  });

  it("overwrites an edited flow when it is told to, and only then", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    kestra.edit("match-orchestration", (source) => source.replace("PT15S", "PT99S"));
    kestra.edit("batch-lane", (source) => source.replace("min: 0", "min: 1"));
    const flows = await kestra.client.deploy({ overwrite: ["match-orchestration"] });
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "updated",
      "batch-lane": "kept",
    });
    expect(actions(await kestra.client.deploy({ overwrite: true }))["batch-lane"]).toBe("updated");
  });

  it("takes a flow that was imported by hand for its own when it is the same, and for edited when not", async () => {
    const kestra = new FakeKestra();
    const text = await loadFlow("match-orchestration");
    kestra.flows.set("ai-arena/match-orchestration", [text]);
    kestra.flows.set("ai-arena/batch-lane", ["id: batch-lane\nnamespace: ai-arena\ntasks: []\n"]);
    const flows = await kestra.client.deploy();
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "unchanged",
      "batch-lane": "kept",
    });
  });

  it("keeps a schedule that was set in Kestra, and takes it for no drift", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    const trigger =
      "\ntriggers:\n  - id: mine\n    type: io.kestra.plugin.core.trigger.Schedule\n    cron: 5 4 * * *\n";
    kestra.edit("batch-evaluation", (source) => source + trigger);
    expect(actions(await kestra.client.deploy())["batch-evaluation"]).toBe("unchanged");
    const labels = { team: "red" };
    const flows = await kestra.client.deploy({ flows: { "batch-evaluation": { labels } } });
    expect(actions(flows)["batch-evaluation"]).toBe("updated");
    expect(kestra.source("batch-evaluation")).toContain("cron: 5 4 * * *");
    expect(kestra.source("batch-evaluation")).toContain("team: red");
    expect(actions(await kestra.client.deploy())["batch-evaluation"]).toBe("updated");
  });

  it("leaves a flow without a schedule where the schedule was deleted in Kestra", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    kestra.edit("scheduled-matches", (source) => source.replace(/\ntriggers:\n( .*\n)+/, "\n"));
    expect(parse(kestra.source("scheduled-matches"))).not.toHaveProperty("triggers");
    expect(actions(await kestra.client.deploy())["scheduled-matches"]).toBe("unchanged");
  });

  it("does nothing in a dry run, and says what it would do", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy({ only: ["match-orchestration"] });
    kestra.requests.length = 0;
    const flows = await kestra.client.deploy({
      dryRun: true,
      variables: { read_timeout: "PT1M" },
    });
    expect(kestra.writes).toEqual([]);
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "updated",
      "batch-evaluation": "created",
    });
  });

  it("deploys a part with what it calls", async () => {
    const kestra = new FakeKestra();
    const flows = await kestra.client.deploy({ only: ["batch-evaluation"] });
    expect(flows.map(({ flowId }) => flowId)).toEqual([
      "match-orchestration",
      "batch-lane",
      "batch-evaluation",
    ]);
  });

  it("sends nothing at all when Kestra finds one flow wrong", async () => {
    const kestra = new FakeKestra();
    kestra.constraints = (source) =>
      source.includes("id: batch-lane\n") ? "tasks[0]: no such type" : undefined;
    const error = await kestra.client.deploy().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      code: "deploy",
      deployed: [],
      failed: [{ flowId: "batch-lane", reasons: ["tasks[0]: no such type"] }],
    });
    expect(kestra.writes).toEqual([]);
  });

  it("says what is deployed and what is not when it stops half way, and goes on from there", async () => {
    const kestra = new FakeKestra();
    kestra.intercept = (method, path, body) =>
      method === "POST" && path === "flows" && body.includes("id: batch-lane\n")
        ? problem(422, "invalid-entity", "no room")
        : undefined;
    const error = await kestra.client.deploy().catch((thrown: unknown) => thrown);
    if (!isArenaError(error, "deploy")) throw error;
    expect(error.deployed.map(({ flowId }) => flowId)).toEqual(["match-orchestration"]);
    expect(error.failed).toEqual([
      { flowId: "batch-lane", reasons: [expect.stringContaining("no room")] },
    ]);
    expect(error.remaining).toContain("batch-evaluation");
    expect(error.message).toContain("match-orchestration (created)");
    kestra.intercept = () => undefined;
    const flows = await kestra.client.deploy();
    expect(actions(flows)).toMatchObject({
      "match-orchestration": "unchanged",
      "batch-lane": "created",
    });
  });

  it("says that it is not known when an answer was lost", async () => {
    const kestra = new FakeKestra();
    kestra.intercept = (method, path) => {
      if (method === "POST" && path === "flows") throw new TypeError("fetch failed");
      return undefined;
    };
    await expect(kestra.client.deploy()).rejects.toThrow(/whether it is deployed is not known/);
  });

  it("stops when it is aborted, with the reason when nothing was sent", async () => {
    const kestra = new FakeKestra();
    const reason = new Error("enough");
    await expect(kestra.client.deploy({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const deployment = kestra.client.deploy({
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(deployment).rejects.toMatchObject({
      code: "deploy",
      cause: reason,
      deployed: [{ flowId: "match-orchestration" }],
    });
  });

  it("takes the flow of another process that was a moment faster", async () => {
    const kestra = new FakeKestra();
    const other = new FakeKestra();
    await other.client.deploy();
    kestra.intercept = (method, path, body) => {
      if (method === "POST" && path === "flows" && body.includes("id: batch-lane\n")) {
        kestra.flows.set("ai-arena/batch-lane", [other.source("batch-lane")]);
      }
      return undefined;
    };
    expect(actions(await kestra.client.deploy())["batch-lane"]).toBe("unchanged");
  });

  it("never calls a route that takes many flows: those delete what they are not given", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    kestra.edit("batch-lane", (source) => source.replace("min: 0", "min: 1"));
    await kestra.client.diff();
    await kestra.client.validate();
    await kestra.client.deploy({ overwrite: true, labels: { team: "blue" } });
    const single = /^(GET|PUT) flows\/ai-arena\/[\w-]+$|^POST flows(\/validate)?$/;
    expect(kestra.requests.filter((line) => !single.test(line))).toEqual([]);
    expect(kestra.writes.length).toBeGreaterThan(templateIds.length);
  });

  it("refuses a knob that no flow has, and a flow that there is not, before anything is sent", async () => {
    const kestra = new FakeKestra();
    await expect(kestra.client.deploy({ variables: { speed: 9 } })).rejects.toThrow(
      /variables\.speed: is no knob of any flow; there are arena_api_url/,
    );
    await expect(
      kestra.client.deploy({ only: ["match" as "match-orchestration"] }),
    ).rejects.toThrow(/only\[0\]: is none of the package's flows \(match-orchestration/);
    expect(kestra.requests).toEqual([]);
  });
});
