import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { matchesOf, matchOf } from "../support/arena-calls.ts";
import { eventually } from "../support/eventually.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";

const lines: EngineLine[] = ["2.0", "1.3"];

describe.each(lines)("batch-evaluation on Kestra %s", (line) => {
  let world: FlowWorld;

  beforeAll(async () => {
    world = await createFlowWorld(line, "batch", {}, { cancelled_retry_seconds: 1 });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  const two = () => [world.pairing(0, 0, 0), world.pairing(1, 1, 1)];
  /** The matches that a batch started, by their label. */
  const childrenOf = (batchId: string) =>
    world.client.kestra.executions.search({
      namespace: world.namespace,
      flowId: "match-orchestration",
      labels: { "arena.batch": batchId },
    });

  it("gives a row for each match, in the order asked for, and sums them up", async () => {
    const execution = await world.client.evaluateBatch({
      agentCombinations: two(),
      matchesPerCombination: 2,
      mode: "quick",
      concurrency: 3,
    });

    const result = await execution.result();

    const [first, second] = two();
    expect(result).toMatchObject({ totalMatches: 4, completedMatches: 4 });
    expect(result.rows).toMatchObject([
      { ...first, repetition: 1, state: "SUCCESS", matchStatus: "complete" },
      { ...first, repetition: 2, state: "SUCCESS", matchStatus: "complete" },
      { ...second, repetition: 1, state: "SUCCESS", matchStatus: "complete" },
      { ...second, repetition: 2, state: "SUCCESS", matchStatus: "complete" },
    ]);
    for (const [index, summary] of result.aggregatedResults.entries()) {
      const rows = result.rows.slice(2 * index, 2 * index + 2);
      const outcomes = rows.map(({ metrics }) => metrics!.attackOutcomes);
      const successes = sum(outcomes.map(({ success }) => success));
      const attacks = sum(
        outcomes.map(({ processed: _, ...decided }) => sum(Object.values(decided))),
      );
      expect(summary).toMatchObject({
        ...two()[index],
        matches: 2,
        completed: 2,
        redWins: rows.filter(({ winner }) => winner === "red").length,
        blueWins: rows.filter(({ winner }) => winner === "blue").length,
        draws: rows.filter(({ winner }) => winner === "draw").length,
        attacks,
        successes,
        attackSuccessRate: (100 * successes) / attacks,
      });
    }
    const matches = await childrenOf(execution.id);
    expect(matches.results.map(({ id }) => id).sort()).toEqual(
      result.rows.map(({ executionId }) => executionId).sort(),
    );
  });

  it("plays as many matches at a time as it is told to", async () => {
    await using quiet = await createFlowWorld(line, "batch.lanes", { timeScale: 0.08 });

    const execution = await quiet.client.evaluateBatch({
      agentCombinations: [quiet.pairing()],
      matchesPerCombination: 5,
      mode: "standard",
      concurrency: 2,
    });

    expect(await execution.result()).toMatchObject({ completedMatches: 5 });
    expect(quiet.arena.peakLiveMatches).toBe(2);
  });

  it("plays only what an earlier batch has no result of", async () => {
    const [played, other] = two();
    const input = {
      agentCombinations: [played!],
      matchesPerCombination: 1,
      mode: "quick" as const,
    };
    const earlier = await (await world.client.evaluateBatch(input)).result();
    const kept = earlier.rows[0]!;
    const lost = { ...other!, repetition: 1, state: "FAILED", reason: "The network was down." };

    const execution = await world.client.evaluateBatch({
      agentCombinations: two(),
      matchesPerCombination: 2,
      mode: "quick",
      existingRows: [lost, kept],
    });

    const { rows, completedMatches } = await execution.result();
    expect(completedMatches).toBe(4);
    expect(rows[0]).toEqual(kept);
    expect((await childrenOf(execution.id)).total).toBe(3);
  });

  it("plays nothing when an earlier batch has it all", async () => {
    const input = { agentCombinations: [world.pairing()], mode: "quick" as const };
    const earlier = await (
      await world.client.evaluateBatch({ ...input, matchesPerCombination: 1 })
    ).result();

    const execution = await world.client.evaluateBatch({
      ...input,
      matchesPerCombination: 1,
      existingRows: earlier.rows,
    });

    expect(await execution.result()).toMatchObject({ completedMatches: 1, rows: earlier.rows });
    expect((await childrenOf(execution.id)).total).toBe(0);
  });

  it("loses no match to one that is cancelled, never ends or is killed", async () => {
    const fine = world.pairing(0, 0, 0);
    const cancelled = world.pairing(1, 0, 0);
    const endless = world.pairing(0, 1, 0);
    world.arena.setFaults({
      matches: [
        { kind: "cancelled", redAgentId: cancelled.redAgentId },
        { kind: "never-ends", blueAgentId: endless.blueAgentId },
      ],
    });
    const execution = await world.client.evaluateBatch({
      agentCombinations: [fine, cancelled, endless],
      matchesPerCombination: 2,
      mode: "quick",
      concurrency: 2,
      maxWaitSeconds: 8,
    });
    const victim = await eventually(async () => {
      const { results } = await childrenOf(execution.id);
      const found = results.find(
        ({ inputs, state }) =>
          inputs?.blue_agent_id === endless.blueAgentId && state.current !== "CREATED",
      );
      expect(found).toBeDefined();
      return found!.id;
    });
    await world.client.executions.get("match-orchestration", victim).cancel();

    const { rows, completedMatches } = await execution.result();

    expect(completedMatches).toBe(2);
    const told = rows.map(({ state, reason }) => `${state} ${reason ?? ""}`);
    expect(told.slice(0, 2)).toEqual(["SUCCESS ", "SUCCESS "]);
    expect(told.slice(2, 4)).toEqual([
      expect.stringMatching(/^FAILED Match AR-\S+ was cancelled by the arena/),
      expect.stringMatching(/^FAILED Match AR-\S+ was cancelled by the arena/),
    ]);
    expect(told.slice(4).sort()).toEqual([
      expect.stringMatching(/^FAILED Match AR-\S+ is still running after 8 seconds/),
      "KILLED The execution of the match was killed.",
    ]);
  });

  it("gives each match a result or a reason on a backend that plays one at a time", async () => {
    await using today = await createFlowWorld(
      line,
      "batch.one-at-a-time",
      { oneAtATime: true },
      { cancelled_retry_seconds: 1, cancelled_retries: 1 },
    );

    const execution = await today.client.evaluateBatch({
      agentCombinations: [today.pairing()],
      matchesPerCombination: 6,
      mode: "quick",
      concurrency: 3,
    });

    const { rows } = await execution.result();
    expect(rows).toHaveLength(6);
    for (const { state, metrics, reason } of rows) {
      if (state === "SUCCESS") expect(metrics).toBeDefined();
      else expect(reason).toMatch(/was cancelled by the arena/);
    }
  });

  it("names the agents that do not exist before it plays anything", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    const before = (await matchesOf(world.arena)).length;

    const execution = await world.client.evaluateBatch({
      agentCombinations: [world.pairing(), { ...world.pairing(), redAgentId: unknown }],
    });

    expect(await reasonOf(execution)).toContain(`red agent ${unknown} does not exist`);
    expect(await matchesOf(world.arena)).toHaveLength(before);
  });

  it("fails when nothing listens where the arena should be", async () => {
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      const execution = await world.client.evaluateBatch({ agentCombinations: [world.pairing()] });

      expect(await reasonOf(execution)).toContain(`Connect to ${address} failed`);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("rides out errors of the arena that go away", async () => {
    world.arena.setFaults({ routes: [{ route: "*", kind: "status", probability: 0.1 }] });

    const execution = await world.client.evaluateBatch({
      agentCombinations: two(),
      matchesPerCombination: 2,
      mode: "quick",
    });

    expect(await execution.result()).toMatchObject({ completedMatches: 4 });
  });

  it("takes its matches along when it is killed", async () => {
    const earlier = (await matchesOf(world.arena)).map(({ id }) => id);
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const execution = await world.client.evaluateBatch({
      agentCombinations: two(),
      matchesPerCombination: 3,
      concurrency: 2,
    });
    const playing = await eventually(async () => {
      const matches = await matchesOf(world.arena);
      const running = matches.filter(
        ({ id, status }) => status === "running" && !earlier.includes(id),
      );
      expect(running).toHaveLength(2);
      return running.map(({ id }) => id);
    });

    expect(await execution.cancel()).toMatchObject({ hasEnded: true, state: "KILLED" });

    await eventually(async () => {
      const { results } = await childrenOf(execution.id);
      expect(results.map(({ state }) => state.current)).toEqual(["KILLED", "KILLED"]);
      for (const id of playing) {
        expect((await matchOf(world.arena, id)).status).toBe("paused");
      }
    });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
