import { KestraArenaClient } from "kestra-arena";
import { EngineError, startEngine } from "../../engine/index.ts";
import { startArena } from "../../examples/arena/index.ts";
import type { Goal, Suite } from "../lib/goal.ts";

const matches = 50;
const concurrencies = [1, 5, 10, 25] as const;

/** Besides the goals: a batch of 50 matches of a second each on the real engine, against what it would take ideally. */
export const engine: Suite = {
  name: "engine",
  async run({ progress }): Promise<Goal[]> {
    // A quick match takes five seconds; a fifth of that is one.
    await using arena = await startArena({ timeScale: 0.2, red: 1, blue: 1, targets: 1 });
    await using kestra = await start(arena.url);
    if (kestra === undefined) {
      progress("not measured: there is no engine on this machine");
      return [];
    }
    const client = new KestraArenaClient({ url: kestra.url });
    await client.flows.deploy();
    const id = (type: string) => arena.agents.find((agent) => agent.type === type)?.id ?? "";
    const pairing = { redAgentId: id("red"), blueAgentId: id("blue"), targetAgentId: id("target") };
    const play = async (count: number, concurrency: number) => {
      const startedAt = performance.now();
      const execution = await client.evaluateBatch({
        agentCombinations: [pairing],
        matchesPerCombination: count,
        mode: "quick",
        concurrency,
      });
      const { completedMatches } = await execution.result({ timeoutMs: 300_000 });
      if (completedMatches !== count) throw new Error(`Only ${completedMatches} were played.`);
      return (performance.now() - startedAt) / 1_000;
    };
    progress("one batch to warm the engine up");
    await play(5, 5);
    const goals: Goal[] = [];
    for (const concurrency of concurrencies) {
      progress(`${matches} matches, ${concurrency} at a time`);
      const seconds = await play(matches, concurrency);
      const ideal = matches / concurrency;
      goals.push({
        id: `K${concurrency}`,
        title: `a batch of ${matches} matches of 1 s, ${concurrency} at a time, over the ideal`,
        value: seconds / ideal,
        note: `${seconds.toFixed(1)} s for ${ideal.toFixed(0)} s, on Kestra 2 embedded; 1.3 is tested, but not measured`,
        limitedBy: limits[concurrency],
      });
    }
    return goals;
  },
};

const limits = {
  1: "Kestra wakes a waiting task once a second, so that a match of a second is seen to end after about two",
  5: "the same, and the engine's own work for a match",
  10: "the engine's own work for a match, on the cores that it shares with the arena",
  25: "the engine's own work for a match: it is what is left when all are played at once",
};

async function start(arenaUrl: string) {
  try {
    return await startEngine({ env: { ENV_ARENA_API_URL: arenaUrl }, maxHeapMib: 512 });
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
