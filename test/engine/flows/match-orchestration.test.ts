import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { severityScore } from "../../../examples/arena/types.ts";
import { eventsOf, matchesOf, matchOf, roundsOf } from "../support/arena-calls.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { eventually } from "../support/eventually.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { everythingAbout } from "../support/leaks.ts";
import { reasonOf, startUnchecked } from "../support/outcomes.ts";

const lines: EngineLine[] = ["2.0", "1.3"];

describe.each(lines)("match-orchestration on Kestra %s", (line) => {
  let world: FlowWorld;

  beforeAll(async () => {
    world = await createFlowWorld(line, "match");
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("plays a match to its end and counts what happened in it", async () => {
    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });

    const result = await execution.result();

    const match = await matchOf(world.arena, result.matchId);
    const events = await eventsOf(world.arena, result.matchId);
    const attacks = events.filter(({ type }) => type === "attack");
    const won = attacks.filter(({ outcome }) => outcome === "success");
    const decided = attacks.filter(({ outcome }) => outcome !== "processed");
    const mean = (values: number[]) =>
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(result).toMatchObject({ matchStatus: "complete", winner: match.winner });
    expect(result.metrics).toMatchObject({
      totalRounds: 5,
      attacks: attacks.length,
      defenses: events.filter(({ type }) => type === "defense").length,
      targetResponses: events.filter(({ type }) => type === "target").length,
      attackSuccessRate: (100 * won.length) / decided.length,
      averageSeverity: mean(attacks.map(({ severity }) => severityScore(severity))),
      averageSuccessSeverity: mean(won.map(({ severity }) => severityScore(severity))),
      criticalVulnerabilities: won.filter(({ severity }) => severity === "critical").length,
      attackTypes: countBy(attacks.map(({ attackType }) => attackType!)),
    });
    expect(result.metrics.attackOutcomes).toMatchObject(
      countBy(attacks.map(({ outcome }) => outcome)),
    );
    expect(result.metrics.attackTypeResults).toEqual(
      Object.fromEntries(
        Object.entries(countBy(decided.map(({ attackType }) => attackType!))).map(
          ([type, attempts]) => {
            const successes = won.filter(({ attackType }) => attackType === type).length;
            return [type, { attempts, successes }];
          },
        ),
      ),
    );
  });

  it("keeps the transcript as a file", async () => {
    const execution = await world.client.runMatch({ ...world.pairing(1), mode: "quick" });

    const { matchId, transcriptFile } = await execution.result();

    const file = await execution.download(transcriptFile);
    expect(await file.json()).toEqual({
      events: await eventsOf(world.arena, matchId),
      rounds: await roundsOf(world.arena, matchId),
    });
  });

  it("logs the score of each round once", async () => {
    const execution = await world.client.runMatch({ ...world.pairing(), mode: "standard" });

    await execution.result();

    const scores = await eventually(async () => {
      const found: string[] = [];
      for await (const { message } of execution.logs()) {
        found.push(...(message.match(/^Round \d+: .+$/gm) ?? []));
      }
      expect(found.length).toBeGreaterThanOrEqual(20);
      return found;
    });
    expect(scores.map((text) => Number(/\d+/.exec(text)?.[0]))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it("lets no credential into an execution, its logs or its outputs", async () => {
    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });

    await execution.result();

    const text = await everythingAbout(world, execution.id);
    expect(text).toContain("Round 5");
    expect(text).not.toContain(arenaApiKey);
  });

  it("names the agents that do not exist or are of another type, and creates no match", async () => {
    const { redAgentId, blueAgentId } = world.pairing();
    const unknown = "00000000-0000-4000-8000-000000000000";
    const before = (await matchesOf(world.arena)).length;

    const execution = await world.client.runMatch({
      redAgentId: blueAgentId,
      blueAgentId,
      targetAgentId: unknown,
    });

    expect(redAgentId).not.toBe(blueAgentId);
    expect(await reasonOf(execution)).toContain(
      `red agent ${blueAgentId} is of type blue; target agent ${unknown} does not exist`,
    );
    expect(await matchesOf(world.arena)).toHaveLength(before);
  });

  it("stops a match after maxRounds and counts what was played", async () => {
    const execution = await world.client.runMatch({
      ...world.pairing(),
      mode: "deep",
      maxRounds: 2,
    });

    const result = await execution.result();

    const rounds = await roundsOf(world.arena, result.matchId);
    expect(result).toMatchObject({ matchStatus: "paused", winner: null });
    expect(result.metrics.totalRounds).toBeGreaterThanOrEqual(2);
    expect(result.metrics.totalRounds).toBe(rounds.length);
    expect(rounds.length).toBeLessThan(50);
  });

  it("stops a continuous match at its time bound and counts what was played", async () => {
    const execution = await world.client.runMatch({
      ...world.pairing(),
      mode: "continuous",
      maxWaitSeconds: 2,
    });

    const result = await execution.result();

    expect(result).toMatchObject({ matchStatus: "paused", winner: null });
    expect(result.metrics.totalRounds).toBe((await roundsOf(world.arena, result.matchId)).length);
  });

  it("refuses inputs that are out of bounds before anything starts", async () => {
    const { redAgentId, blueAgentId, targetAgentId } = world.pairing();
    const agents = {
      red_agent_id: redAgentId,
      blue_agent_id: blueAgentId,
      target_agent_id: targetAgentId,
    };
    const bad = [
      { ...agents, red_agent_id: "ember" },
      { ...agents, match_mode: "endless" },
      { ...agents, max_rounds: 0 },
      { ...agents, max_wait_seconds: 86_401 },
      { red_agent_id: redAgentId, blue_agent_id: blueAgentId },
    ];
    for (const inputs of bad) {
      expect(
        await startUnchecked(world, "match-orchestration", inputs),
        JSON.stringify(inputs),
      ).toBe(422);
    }
  });
});

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
