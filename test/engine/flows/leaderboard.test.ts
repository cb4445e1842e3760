import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/evaluation/index.ts";
import { createFlowWorld } from "../support/flow-world.ts";

describe.each(["2.0", "1.3"] as const)("A larger batch on %s", (line) => {
  it("orders the red agents as their hidden strengths do", async () => {
    await using world = await createFlowWorld(line, "leaderboard", { timeScale: 0, seed: 1 });
    const { arena, client } = world;
    const ids = (type: string) =>
      arena.agents.filter((agent) => agent.type === type).map(({ id }) => id);
    const combinations = ids("red").flatMap((redAgentId) =>
      ids("blue").flatMap((blueAgentId) =>
        ids("target").map((targetAgentId) => ({ redAgentId, blueAgentId, targetAgentId })),
      ),
    );
    const execution = await client.evaluateBatch({
      agentCombinations: combinations,
      matchesPerCombination: 2,
      mode: "standard",
      concurrency: 4,
    });
    const { rows } = await execution.result({ timeoutMs: 280_000 });
    const truth = arena.truth.ranking("red").map(({ agent }) => agent.id);
    const measured = analyze(rows).red.map(({ agentId }) => agentId);
    expect(rows.every((row) => row.metrics !== undefined)).toBe(true);
    expect(measured).toEqual(truth);
  });
});
