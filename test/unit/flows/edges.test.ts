import { arenaFlows, batchEvaluation, type ProgressTools } from "kestra-arena";
import { describe, expect, it } from "vitest";
import { agentId, agents } from "../testing/agents.ts";

const wire = { red_agent_id: agentId(1), blue_agent_id: agentId(2), target_agent_id: agentId(3) };

describe("A continuous match", () => {
  it.each([{ maxRounds: 3 }, { maxWaitSeconds: 60 }])("needs a bound: %j is one", (bound) => {
    const { build } = arenaFlows["match-orchestration"];
    expect(build({ ...agents, mode: "continuous", ...bound })).toMatchObject({
      match_mode: "continuous",
    });
    expect(() => build({ ...agents, mode: "continuous" })).toThrow("maxRounds or maxWaitSeconds");
  });

  it("in a batch needs maxRounds", () => {
    const batch = { agentCombinations: [agents], mode: "continuous" as const };
    expect(() => batchEvaluation.build(batch)).toThrow("give maxRounds");
    expect(batchEvaluation.build({ ...batch, maxRounds: 2 })).toMatchObject({ max_rounds: 2 });
  });
});

describe("A batch's rows", () => {
  const result = {
    totalMatches: 1,
    completedMatches: 0,
    aggregatedResults: [],
    rows: [],
    rowsFile: "x",
  };
  const complete = (text: string) =>
    batchEvaluation.complete(result, { readText: async () => text });

  it("are read with what they have, and refused by line", async () => {
    const row = {
      ...wire,
      repetition: 1,
      state: "SUCCESS",
      execution_id: "e",
      transcript_file: "t",
    };
    expect(await complete(`${JSON.stringify(row)}\n\n`)).toMatchObject({
      result: { rows: [{ executionId: "e", transcriptFile: "t" }] },
    });
    expect(await complete(`${JSON.stringify(row)}\nno json`)).toMatchObject({
      issues: [{ path: ["rows_file", 1] }],
    });
  });

  it("of one run of a schedule are refused the same way", async () => {
    const tick = { ...result, tick: "t", agentCombinations: [], batchId: "b" };
    const { complete: completeTick } = arenaFlows["scheduled-matches"];
    const refused = await completeTick(tick, { readText: async () => "no json" });
    expect(refused).toHaveProperty("issues");
  });
});

describe("A batch's progress", () => {
  it("counts each match once, whoever plays it on, and those that say little of themselves", async () => {
    const rows = [
      { state: { current: "RETRIED" } },
      { state: { current: "SUCCESS" } },
      { state: { current: "CANCELLED", startDate: "no date" }, inputs: wire },
      { state: { current: "NEW_STATE", startDate: "2026-01-01T00:00:00Z" }, inputs: wire },
    ];
    const tools: ProgressTools = {
      executionId: "x",
      labels: {},
      inputs: { agent_combinations: [wire], matches_per_combination: 4 },
      list: async function* () {
        yield* rows;
      },
    };
    expect(await batchEvaluation.progress?.(tools)).toMatchObject({
      total: 4,
      done: 2,
      completed: 1,
      cancelled: 1,
      running: 1,
      combinations: [{ ...agents, completed: 0, cancelled: 1, running: 1 }],
    });
  });
});
