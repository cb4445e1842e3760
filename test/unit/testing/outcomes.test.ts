import { arenaFlows, defineFlow, isArenaError } from "kestra-arena";
import { fakeKestra } from "kestra-arena/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";
import { agentId, agents, clientOf } from "./agents.ts";

afterEach(() => {
  vi.useRealTimers();
});

const count = { attempts: 2, successes: 1 };

describe.each(["2.0", "1.3"] as const)("The flows of a fake Kestra %s", (line) => {
  const kestra = fakeKestra({ line });
  const client = clientOf(kestra);

  it("succeed with something plausible when nothing is said", async () => {
    kestra.reset();
    const match = await (await client.runMatch(agents)).result();
    expect(match).toMatchObject({ matchId: "AR-2025-0001", winner: "blue" });
    expect(match.metrics.attacks).toBe(4);
    const dataset = await (await client.generateDataset({ trainFor: "blue" })).result();
    expect(dataset.validation).toMatchObject({ trainFor: "blue", kind: "kto", rows: 1 });
    const tuned = await (await client.fineTuneAgent({ agentId: agentId(1) })).result();
    expect(tuned.comparison.original.agentId).toBe(agentId(1));
    const batch = await client.evaluateBatch({ agentCombinations: [agents] });
    expect(await batch.result()).toMatchObject({ totalMatches: 3, completedMatches: 3 });
  });

  it("come to the result that was set, whatever its keys are", async () => {
    kestra.reset();
    const metrics = {
      attackTypes: { prompt_injection: 1, camelCase: 2, "with space": 3 },
      attackTypeResults: { camelCase: count },
      attackSuccessRate: null,
    };
    kestra.flows.onMatch({ result: { matchId: "AR-1", winner: null, metrics } });
    const match = await (await client.runMatch(agents)).result();
    expect(match).toMatchObject({ matchId: "AR-1", winner: null, metrics });
    // What is left out of an object is filled in.
    expect(match.metrics.totalRounds).toBe(4);
    kestra.flows.onDataset({
      result: {
        matchIds: ["a", "b"],
        validation: { kind: "dpo", pairings: { same_prompt: 4 }, leftOutRows: { no_answer: 2 } },
      },
    });
    expect(await (await client.generateDataset()).result()).toMatchObject({
      matchIds: ["a", "b"],
      validation: { kind: "dpo", pairings: { same_prompt: 4 }, leftOutRows: { no_answer: 2 } },
    });
    kestra.flows.onFineTuning({
      result: {
        comparison: {
          better: "equal",
          pairings: [
            {
              blueAgentId: agentId(2),
              targetAgentId: agentId(3),
              originalAttackSuccessRate: 1,
              candidateAttackSuccessRate: null,
            },
          ],
        },
      },
    });
    const tuned = await (await client.fineTuneAgent({ agentId: agentId(1) })).result();
    expect(tuned.comparison.better).toBe("equal");
    expect(tuned.comparison.pairings).toEqual([
      {
        blueAgentId: agentId(2),
        targetAgentId: agentId(3),
        originalAttackSuccessRate: 1,
        candidateAttackSuccessRate: null,
      },
    ]);
  });

  it("of monitoring and of schedules can be started by hand", async () => {
    kestra.reset();
    kestra.flows.onMonitoring({ result: { event: "raised", incidentId: "i-1", severity: 9 } });
    const check = await client.start(arenaFlows["continuous-monitoring"], {
      targetAgentId: agentId(3),
    });
    expect(await check.result()).toMatchObject({ event: "raised", incidentId: "i-1", severity: 9 });
    kestra.flows.onScheduledMatches({ result: { tick: "2026-01-01T00:00:00Z" } });
    const tick = await client.start(arenaFlows["scheduled-matches"], {
      agentCombinations: [agents],
    });
    expect(await tick.result()).toMatchObject({
      tick: "2026-01-01T00:00:00Z",
      agentCombinations: [agents],
      totalMatches: 1,
    });
  });

  it("take the next behaviour at each start, and stay with the last", async () => {
    kestra.reset();
    kestra.flows.onMatch({ state: "FAILED", message: "The arena is down." }, (start) => ({
      result: { matchId: `${start.inputs.match_mode} ${start.number}` },
    }));
    const outcomes = [];
    for (let time = 0; time < 3; time += 1) {
      const execution = await client.runMatch({ ...agents, mode: "quick" });
      outcomes.push(await execution.outcome());
    }
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, true]);
    expect(String(outcomes[0]?.ok === false && outcomes[0].error.message)).toContain(
      "The arena is down.",
    );
    expect(outcomes.map((outcome) => outcome.ok && outcome.result.matchId).slice(1)).toEqual([
      "quick 2",
      "quick 3",
    ]);
  });

  it("of a batch have a row and an execution a match, counted and told as it goes", async () => {
    kestra.reset();
    const row = { ...agents, repetition: 1 };
    const rows = [
      { ...row, state: "FAILED", reason: "no answer" },
      { ...row, repetition: 2, state: "KILLED" },
    ];
    kestra.flows.onBatch({ result: { rows }, durationMs: 60_000 });
    const batch = await client.evaluateBatch({
      agentCombinations: [agents],
      matchesPerCombination: 2,
    });
    expect(await batch.progress()).toMatchObject({ total: 2, done: 0, running: 1 });
    await kestra.time.advance(30_000);
    expect(await batch.progress()).toMatchObject({ total: 2, done: 1, failed: 1 });
    await kestra.time.advance(30_000);
    const result = await batch.result();
    expect(result).toMatchObject({ totalMatches: 2, completedMatches: 0, rows });
    expect(result.aggregatedResults).toMatchObject([{ ...agents, matches: 2, completed: 0 }]);
  });

  it("are killed with all that they started", async () => {
    kestra.reset();
    kestra.flows.onBatch({ durationMs: Number.POSITIVE_INFINITY });
    const batch = await client.evaluateBatch({ agentCombinations: [agents] });
    expect(await batch.cancel()).toEqual({ hasEnded: true, state: "KILLED" });
    const states = kestra.executions().map(({ flowId, state }) => [flowId, state]);
    expect(states[0]).toEqual(["match-orchestration", "KILLED"]);
    expect(kestra.executions("batch-evaluation")[0]?.state).toBe("KILLED");
  });

  it("may answer what the package has to refuse", async () => {
    useVirtualTime();
    kestra.reset();
    kestra.flows.onMatch({ outputs: { match_id: 1 } });
    const run = async () => (await client.runMatch(agents)).result();
    await expect(runVirtually(run())).rejects.toMatchObject({ code: "output" });
  });

  it("of your own are unknown until they are set, and then as they are set", async () => {
    kestra.reset();
    const greet = defineFlow({
      id: "greet",
      input: () => z.strictObject({ who: z.string(), times: z.int().optional() }),
      toInputs: (input) => input,
      output: () => z.object({ greeting: z.string() }),
    });
    const unknown: unknown = await client.start(greet, { who: "Ada" }).catch((error) => error);
    expect(isArenaError(unknown, "not_found")).toBe(true);
    kestra.flows.on(greet, ({ inputs }) => ({ outputs: { greeting: `hello ${inputs.who}` } }));
    const execution = await client.start(greet, { who: "Ada", times: 2 });
    expect(await execution.result()).toEqual({ greeting: "hello Ada" });
    // As they were sent: only Kestra knows the types of a flow of your own.
    expect(kestra.executions("greet")[0]?.inputs).toEqual({ who: "Ada", times: "2" });
    kestra.flows.on("greet", { outputs: { greeting: "again" } });
    expect(await (await client.start(greet, { who: "Ada" })).result()).toEqual({
      greeting: "again",
    });
  });

  it("have logs and files", async () => {
    kestra.reset();
    kestra.flows.onMatch({ logs: [{ level: "INFO", message: "Round 1" }] });
    const execution = await client.runMatch(agents);
    const { transcriptFile } = await execution.result();
    const lines = [];
    for await (const { message } of execution.logs()) lines.push(message);
    expect(lines).toEqual(["Round 1"]);
    const file = await execution.download(transcriptFile);
    expect(await file.json()).toEqual({ events: [], rounds: [] });
    kestra.files.set("kestra:///mine", "mine");
    expect(await (await execution.download("kestra:///mine")).text()).toBe("mine");
  });
});
