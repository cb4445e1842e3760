import {
  arenaFlows,
  type BatchRow,
  batchEvaluation,
  defineFlow,
  type MatchMetrics,
  type ProgressTools,
} from "kestra-arena";
import { describe, expect, it } from "vitest";
import * as z from "zod";
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

  it("are not looked for where the batch itself said something else than it should", () => {
    const outputs = {
      tick: "t",
      agent_combinations: [wire],
      batch_id: "b",
      total_matches: 1,
      completed_matches: 1,
      aggregated_results: [{ matches: "one" }],
      rows_file: "x",
    };
    const parsed = arenaFlows["scheduled-matches"].parse(outputs);
    if (!("issues" in parsed)) throw new Error("it fits");
    const paths = parsed.issues.map(({ path }) => path.join("."));
    expect(paths).toContain("aggregated_results.0.matches");
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

describe("A flow of the user's own", () => {
  it("names what does not fit by any key that its schema names", () => {
    const odd = defineFlow({
      id: "odd",
      input: () => z.object({ a: z.number() }).refine(() => false, { path: [Symbol("tag")] }),
      toInputs: ({ a }) => ({ a }),
      output: () => z.object({}),
    });
    expect(() => odd.build({ a: 1 })).toThrow("Symbol(tag): Invalid input");
  });
});

describe("Rows of an earlier batch", () => {
  const existing = { ...agents, repetition: 1, state: "SUCCESS" };
  const sent = async (row: typeof existing & Partial<BatchRow>) => {
    const inputs = batchEvaluation.build({ agentCombinations: [agents], existingRows: [row] });
    return JSON.parse(await (inputs.existing_rows as Blob).text());
  };

  it("go back in the flow's own names, with metrics where there are some", async () => {
    const row = { ...wire, repetition: 1, state: "SUCCESS" };
    expect(await sent(existing)).toEqual(row);
    const metrics = { totalRounds: 2, attackTypes: { promptInjection: 1 } };
    expect(await sent({ ...existing, metrics: metrics as unknown as MatchMetrics })).toEqual({
      ...row,
      metrics: { total_rounds: 2, attack_types: { promptInjection: 1 } },
    });
  });
});
