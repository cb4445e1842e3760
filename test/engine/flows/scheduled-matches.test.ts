import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { EngineLine } from "../../../engine/index.ts";
import type { ScheduledMatchesResult } from "../../../src/flows/scheduled-matches.ts";
import { scheduledMatches } from "../../../src/flows/scheduled-matches.ts";
import { matchesOf, matchOf } from "../support/arena-calls.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { addControlAgent } from "../support/control-agent.ts";
import { eventually } from "../support/eventually.ts";
import { failingRoutes } from "../support/failing-routes.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";

const lines: EngineLine[] = ["2.0", "1.3"];

describe.each(lines)("scheduled-matches on Kestra %s", (line) => {
  let world: FlowWorld;

  beforeAll(async () => {
    world = await createFlowWorld(
      line,
      "scheduled",
      { timeScale: 0, red: 2, blue: 1, targets: 2 },
      { cancelled_retries: 0 },
    );
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  it("plays the combinations that it is given", async () => {
    const agentCombinations = [world.pairing(1, 0, 1)];

    const execution = await world.client.start(scheduledMatches, {
      agentCombinations,
      matchesPerCombination: 2,
      mode: "quick",
    });

    const result = await execution.result();
    expect(result).toMatchObject({ totalMatches: 2, completedMatches: 2, agentCombinations });
    expect(result.rows).toMatchObject([
      { ...agentCombinations[0], repetition: 1, state: "SUCCESS" },
      { ...agentCombinations[0], repetition: 2, state: "SUCCESS" },
    ]);
    expect(result.aggregatedResults).toMatchObject([{ completed: 2 }]);
  });

  it("gives every pairing its turn, and goes on where it stopped", async () => {
    // It asks for harmless things only, and gets no turn.
    await addControlAgent(world.arena);
    const runs: ScheduledMatchesResult[] = [];
    for (let number = 0; number < 3; number += 1) {
      const execution = await world.client.start(scheduledMatches, { pairingsPerRun: 3 });
      runs.push(await execution.result());
    }

    const played = runs.flatMap(({ agentCombinations }) =>
      agentCombinations.map((agents) => JSON.stringify(agents)),
    );
    const all = [0, 1].flatMap((red) =>
      [0, 1].map((target) => JSON.stringify(world.pairing(red, 0, target))),
    );
    expect(played).toHaveLength(9);
    // Twice around, each round with every one, and on from the beginning.
    for (const round of [played.slice(0, 4), played.slice(4, 8)]) {
      expect([...round].sort()).toEqual([...all].sort());
    }
    expect(played[8]).toBe(played[0]);
  });

  it("fires by its trigger, and a tick that is run again picks the same", async () => {
    const { kestra } = world.client;
    const { namespace } = world;
    const shipped = (await kestra.flows.get(namespace, "scheduled-matches")).source!;
    const flow = parse(shipped);
    flow.triggers[0] = {
      ...flow.triggers[0],
      cron: "*/3 * * * * *",
      withSeconds: true,
      disabled: false,
      inputs: { pairings_per_run: 1, match_mode: "quick" },
    };
    await kestra.flows.update(namespace, "scheduled-matches", stringify(flow));
    const runs = () =>
      kestra.executions.search({ namespace, flowId: "scheduled-matches" }, { size: 100 });
    const before = (await runs()).total;
    const fired = await eventually(async () => {
      const { results, total } = await runs();
      expect(total).toBeGreaterThanOrEqual(before + 2);
      return results[0]!;
    });
    await kestra.flows.update(namespace, "scheduled-matches", shipped);

    const first = world.client.executions.get("scheduled-matches", fired.id);
    const { tick, agentCombinations } = (await first.result()) as ScheduledMatchesResult;
    const again = await first.replay();

    expect(await again.result()).toMatchObject({ tick, agentCombinations });
    expect(Date.parse(tick) % 3_000).toBe(0);
  });

  it("fails when nothing could be played", async () => {
    world.arena.setFaults({ matches: [{ kind: "cancelled" }] });

    const execution = await world.client.start(scheduledMatches, { pairingsPerRun: 2 });

    expect(await reasonOf(execution)).toContain("None of the 2 matches has a result");
  });

  it("rides out errors of the arena that go away", async () => {
    world.arena.setFaults(failingRoutes(1));

    const execution = await world.client.start(scheduledMatches, { pairingsPerRun: 1 });

    expect(await execution.result()).toMatchObject({ totalMatches: 1, completedMatches: 1 });
  });

  it("plays on when a match never ends, and says so in its row", async () => {
    const { redAgentId } = world.pairing(1);
    world.arena.setFaults({ matches: [{ kind: "never-ends", redAgentId }] });

    const execution = await world.client.start(scheduledMatches, {
      agentCombinations: [world.pairing(1), world.pairing(0)],
      maxWaitSeconds: 1,
    });

    const { rows } = await execution.result();
    expect(rows).toMatchObject([
      { state: "FAILED", reason: expect.stringContaining("is still running after 1 seconds") },
      { state: "SUCCESS" },
    ]);
  });

  it("ends as KILLED when it is killed, and stops the match that is on", async () => {
    const before = (await matchesOf(world.arena)).length;
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const execution = await world.client.start(scheduledMatches, { pairingsPerRun: 2 });
    const matchId = await eventually(async () => {
      const [newest, ...older] = await matchesOf(world.arena);
      expect(older).toHaveLength(before);
      expect(newest?.status).toBe("running");
      return newest!.id;
    });

    expect(await execution.cancel()).toMatchObject({ hasEnded: true, state: "KILLED" });

    await eventually(async () => {
      expect((await matchOf(world.arena, matchId)).status).toBe("paused");
    });
    expect(await matchesOf(world.arena)).toHaveLength(before + 1);
  });

  it("names an agent that does not exist, before anything is played", async () => {
    const redAgentId = "00000000-0000-4000-8000-000000000000";
    const before = (await matchesOf(world.arena)).length;

    const execution = await world.client.start(scheduledMatches, {
      agentCombinations: [{ ...world.pairing(), redAgentId }],
    });

    expect(await reasonOf(execution)).toContain(`red agent ${redAgentId} does not exist`);
    expect(await matchesOf(world.arena)).toHaveLength(before);
  });

  it("fails when nothing listens where the arena should be", async () => {
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      const execution = await world.client.start(scheduledMatches, {});

      expect(await reasonOf(execution)).toContain(`Connect to ${address} failed`);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("says so when the arena has no pairing", async () => {
    await using empty = await createFlowWorld(line, "scheduled.empty", { blue: 1 });
    const { blueAgentId } = empty.pairing();
    await empty.arena.app.request(`/api/agents/${blueAgentId}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${arenaApiKey}` },
    });

    const execution = await empty.client.start(scheduledMatches, {});

    expect(await reasonOf(execution)).toContain("There is no pairing to play");
    expect(await matchesOf(empty.arena)).toEqual([]);
  });
});
