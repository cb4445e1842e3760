import { describe, expect, it } from "vitest";
import { FakeKestra } from "./fake-kestra.ts";

describe("flows.diff", () => {
  it("says missing, equal, outdated and drifted, and what would change", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy({ only: ["batch-evaluation"] });
    kestra.edit("batch-lane", (source) => source.replace("min: 0", "min: 1"));
    const diffs = await kestra.client.diff({
      flows: { "match-orchestration": { concurrency: 2 } },
    });
    const byId = new Map(diffs.map((diff) => [diff.flowId, diff]));
    expect(byId.get("match-orchestration")).toMatchObject({
      status: "outdated",
      changes: [
        { path: "concurrency", deployed: undefined, wanted: { limit: 2, behavior: "QUEUE" } },
      ],
      contract: [],
    });
    expect(byId.get("match-orchestration")?.text).toContain("+concurrency:");
    expect(byId.get("batch-lane")).toMatchObject({
      status: "drifted",
      changes: [{ path: "inputs.lane.min", deployed: 1, wanted: 0 }],
      contract: ["input lane: min is 1, and 0 in the package"],
      revision: 2,
      deployedBy: "0.1.0",
    });
    expect(byId.get("batch-evaluation")).toMatchObject({
      status: "equal",
      changes: [],
      text: undefined,
    });
  });
});

describe("flows.get", () => {
  it("gives the text as it stands, by whom it was deployed and whether it was edited", async () => {
    const kestra = new FakeKestra();
    await kestra.client.deploy();
    expect(await kestra.client.get("batch-lane")).toMatchObject({
      flowId: "batch-lane",
      revision: 1,
      deployedBy: "0.1.0",
      isEdited: false,
    });
    kestra.edit("batch-lane", (source) => source.replace("min: 0", "min: 1"));
    expect(await kestra.client.get("batch-lane")).toMatchObject({ isEdited: true, revision: 2 });
    await expect(kestra.client.get("nothing")).rejects.toMatchObject({ code: "not_found" });
  });
});
