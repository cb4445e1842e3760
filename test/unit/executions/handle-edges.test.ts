import { fakeKestra } from "kestra-arena/testing";
import { describe, expect, it } from "vitest";
import { encodeInputs } from "../../../src/executions/encode-inputs.ts";
import { agents, clientOf } from "../testing/agents.ts";

describe.each(["2.0", "1.3"] as const)("A handle on %s", (line) => {
  const endless = { durationMs: Number.POSITIVE_INFINITY };
  function start() {
    const kestra = fakeKestra({ line });
    return { kestra, client: clientOf(kestra) };
  }

  it("kills what runs at the end of its block where it was told so, and what is over never", async () => {
    const { kestra, client } = start();
    kestra.flows.onMatch(endless, endless, {});
    {
      await using _killed = await client.runMatch(agents, { onDispose: "kill" });
    }
    {
      await using _left = await client.runMatch(agents);
    }
    {
      await using over = await client.runMatch(agents, { onDispose: "kill" });
      await over.result();
    }
    const states = kestra.executions("match-orchestration").map(({ state }) => state);
    expect(states).toEqual(["KILLED", "RUNNING", "SUCCESS"]);
    expect(kestra.requests.filter(({ route }) => route === "kill")).toHaveLength(1);
  });

  it("pauses, goes on with or without inputs, and is told when it cannot", async () => {
    const { kestra, client } = start();
    kestra.flows.onMatch(endless);
    const execution = await client.runMatch(agents);
    await execution.pause();
    expect((await execution.get()).state.current).toBe("PAUSED");
    await execution.resume();
    await expect(execution.resume({ inputs: { x: 1 } })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("lists what it started", async () => {
    const { kestra, client } = start();
    kestra.flows.onBatch(endless);
    const batch = await client.evaluateBatch({
      agentCombinations: [agents],
      matchesPerCombination: 2,
    });
    await kestra.time.advance(5_000);
    const children: string[] = [];
    for await (const { flowId } of batch.children()) children.push(flowId);
    expect(children.every((flowId) => flowId === "match-orchestration")).toBe(true);
    expect(kestra.requests.some(({ route }) => route === "search")).toBe(true);
  });

  it("is not made of an id that is none, nor by options that are none", async () => {
    const { client } = start();
    expect(() => client.executions.get("match-orchestration", " ")).toThrow();
    expect(() => client.executions.get("toString" as "match-orchestration", "x")).toThrow(
      "is none of the package's flows (match-orchestration,",
    );
    await expect(client.runMatch(agents, { onExisting: "maybe" as "join" })).rejects.toMatchObject({
      code: "input",
    });
    await expect(client.runMatch(agents, { labels: { "": "x" } })).rejects.toThrow("needs a key");
  });
});

describe("Inputs", () => {
  it("take dates as instants, and leave out what is not given", () => {
    const inputs = { at: new Date(0), none: undefined } as unknown as Parameters<
      typeof encodeInputs
    >[1];
    expect(encodeInputs("f", inputs)).toEqual({ at: "1970-01-01T00:00:00.000Z" });
    const late = { at: new Date(Date.UTC(12_000, 0)) } as unknown as typeof inputs;
    expect(() => encodeInputs("f", late)).toThrow("years 0 to 9999");
  });
});
