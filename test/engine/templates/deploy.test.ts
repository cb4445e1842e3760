import {
  type FlowAddOn,
  isArenaError,
  KestraArenaClient,
  type KestraArenaOptions,
  loadFlow,
} from "kestra-arena";
import { describe, expect, inject, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { templateIds } from "../../../src/flows/index.ts";

describe.each<EngineLine>(["2.0", "1.3"])("the flows on Kestra %s", (line) => {
  const make = (namespace: string, options: KestraArenaOptions = {}) =>
    new KestraArenaClient({
      url: inject("engines")[line],
      namespace,
      onWarning: () => {},
      ...options,
    });

  it("are all valid by Kestra's own rules", async () => {
    const reports = await make("ai-arena.valid").flows.validate();
    expect(reports.map(({ flowId }) => flowId).sort()).toEqual([...templateIds].sort());
    expect(reports.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });

  it("are deployed with their comments, and leave other flows of the namespace byte for byte", async () => {
    const client = make("ai-arena.beside");
    const others = ["other", "zz-last"].map(
      (id) =>
        `# Mine: ${id}.\nid:   ${id}\nnamespace: ai-arena.beside\ntasks:\n  - {id: a, type: io.kestra.plugin.core.log.Log, message: hi}\n`,
    );
    for (const source of others) await client.kestra.flows.create(source);
    const read = (id: string) => client.kestra.flows.get("ai-arena.beside", id);
    const before = await Promise.all([read("other"), read("zz-last")]);
    expect(before.map(({ source }) => source)).toEqual(others);

    const flows = await client.flows.deploy();

    expect(flows.every(({ action, revision }) => action === "created" && revision === 1)).toBe(
      true,
    );
    expect(await Promise.all([read("other"), read("zz-last")])).toEqual(before);
    const { source } = await client.flows.get("match-orchestration");
    const text = await loadFlow("match-orchestration", {
      line: line === "1.3" ? "1.3" : "2",
      namespace: "ai-arena.beside",
    });
    expect(source.split("\n").slice(1).join("\n").trim()).toBe(text.trim());
    const { total } = await client.kestra.flows.search("ai-arena.beside");
    expect(total).toBe(templateIds.length + 2);
  });

  it("make no revision when they are deployed twice, nor does any bulk route see a call", async () => {
    const sent: string[] = [];
    const record: typeof fetch = (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.method} ${new URL(request.url).pathname.replace("/api/v1/main/", "")}`);
      return fetch(request);
    };
    const client = make("ai-arena.twice", { fetch: record });
    await client.flows.deploy();
    const again = await client.flows.deploy();
    expect(again.map(({ action, revision }) => [action, revision])).toEqual(
      templateIds.map(() => ["unchanged", 1]),
    );
    await client.flows.deploy({ labels: { team: "red" } });
    const { revision } = await client.flows.get("batch-lane");
    expect(revision).toBe(2);
    const single =
      /^(GET|PUT) flows\/ai-arena\.twice\/[\w-]+$|^POST flows(\/validate)?$|^GET \/api\/v1\/configs$/;
    expect(sent.filter((call) => !single.test(call))).toEqual([]);
  });

  it("that were edited in Kestra are reported and kept, until told otherwise", async () => {
    const warnings: string[] = [];
    const client = make("ai-arena.drift", { onWarning: ({ code }) => warnings.push(code) });
    await client.flows.deploy();
    const { source } = await client.flows.get("match-orchestration");
    const edited = source.replace("read_timeout: PT15S", "read_timeout: PT16S # slow arena");
    await client.kestra.flows.update("ai-arena.drift", "match-orchestration", edited);

    const [diff] = (await client.flows.diff()).filter(({ status }) => status !== "equal");
    expect(diff).toMatchObject({
      flowId: "match-orchestration",
      status: "drifted",
      changes: [{ path: "variables.read_timeout", deployed: "PT16S", wanted: "PT15S" }],
      revision: 2,
    });
    expect(diff?.text).toContain("-  read_timeout: PT16S # slow arena\n+  read_timeout: PT15S");
    const kept = (await client.flows.deploy()).filter(({ action }) => action !== "unchanged");
    expect(kept).toMatchObject([{ flowId: "match-orchestration", action: "kept", revision: 2 }]);
    expect(warnings).toEqual(["flow_drifted"]);
    expect((await client.flows.get("match-orchestration")).source.trim()).toBe(edited.trim());

    const told = await client.flows.deploy({ overwrite: ["match-orchestration"] });
    expect(told.find(({ flowId }) => flowId === "match-orchestration")).toMatchObject({
      action: "updated",
      revision: 3,
    });
    expect(await client.flows.get("match-orchestration")).toMatchObject({ isEdited: false });
  });

  it("say what is deployed and what is not when a deployment stops half way", async () => {
    const failing: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const isLane = (await request.clone().text()).includes("\nid: batch-lane\n");
      if (request.method === "POST" && request.url.endsWith("/flows") && isLane) {
        throw new TypeError("socket hang up");
      }
      return fetch(request);
    };
    const error = await make("ai-arena.half", { fetch: failing })
      .flows.deploy()
      .catch((thrown: unknown) => thrown);
    if (!isArenaError(error, "deploy")) throw error;
    expect(error.failed.map(({ flowId }) => flowId)).toEqual(["batch-lane"]);
    const client = make("ai-arena.half");
    const stored = (await client.kestra.flows.search("ai-arena.half")).results.map(({ id }) => id);
    expect(stored.sort()).toEqual(error.deployed.map(({ flowId }) => flowId).sort());
    expect(error.remaining).toContain("batch-evaluation");

    const actions = (await client.flows.deploy()).map(({ flowId, action }) => [flowId, action]);
    expect(actions).toContainEqual(["match-orchestration", "unchanged"]);
    expect(actions).toContainEqual(["batch-lane", "created"]);
  });

  it("are refused as a whole, in Kestra's words, when Kestra finds one wrong", async () => {
    const client = make("ai-arena.wrong");
    const broken: FlowAddOn = {
      name: "broken",
      tasks: [{ id: "nope", type: "io.kestra.plugin.core.log.Nope" }],
    };
    const flows = { "batch-evaluation": { addOns: [broken] } };
    const error = await client.flows.deploy({ flows }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "deploy",
      deployed: [],
      failed: [{ flowId: "batch-evaluation", reasons: [expect.stringContaining("log.Nope")] }],
    });
    expect((await client.kestra.flows.search("ai-arena.wrong")).total).toBe(0);
  });
});
