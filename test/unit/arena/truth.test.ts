import { describe, expect, it } from "vitest";
import type { Agent } from "../../../examples/arena/types.ts";
import { type ArenaUnderTest, arrangeArena } from "./support.ts";

/** Attacks that were decided and those that succeeded, of one match. */
interface Count {
  decided: number;
  successes: number;
}

async function playMany(
  under: ArenaUnderTest,
  [red, blue, target]: readonly [Agent, Agent, Agent],
  matches: number,
  attackType?: string,
): Promise<Count[]> {
  const counts: Count[] = [];
  for (let index = 0; index < matches; index += 1) {
    const ids = { redAgentId: red.id, blueAgentId: blue.id, targetAgentId: target.id };
    const { id } = await under.startMatch({ ...ids, mode: "standard" });
    const decided = (await under.events(id)).filter(
      (event) =>
        event.type === "attack" &&
        event.outcome !== "processed" &&
        event.attackType === (attackType ?? event.attackType),
    );
    const successes = decided.filter(({ outcome }) => outcome === "success").length;
    counts.push({ decided: decided.length, successes });
  }
  return counts;
}

/** The success rate, with the error that attacks of one match hanging together leaves it. */
function clusteredRate(counts: Count[]) {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const decided = sum(counts.map((count) => count.decided));
  const rate = sum(counts.map((count) => count.successes)) / decided;
  const squares = sum(counts.map((count) => (count.successes - rate * count.decided) ** 2));
  const clusters = counts.length;
  const error = Math.sqrt((clusters / (clusters - 1)) * squares) / decided;
  return { rate, error, designEffect: error ** 2 / ((rate * (1 - rate)) / decided) };
}

function pairings({ arena }: ArenaUnderTest): (readonly [Agent, Agent, Agent])[] {
  const side = (type: string) => arena.agents.filter((agent) => agent.type === type);
  return side("red").flatMap((red) =>
    side("blue").flatMap((blue) => side("target").map((target) => [red, blue, target] as const)),
  );
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the hidden truth", () => {
  it("is what many matches of each pairing come to", async () => {
    const under = arrangeArena({ timeScale: 0, seed: 11 });

    const deviations: number[] = [];
    for (const pairing of pairings(under)) {
      const { rate, error } = clusteredRate(await playMany(under, pairing, 60));
      const [red, blue, target] = pairing;
      deviations.push(
        (rate - under.arena.truth.expectedAttackSuccessRate(red, blue, target)) / error,
      );
    }

    // Standard scores over 18 pairings: none far out, and centred on nothing.
    expect(deviations).toHaveLength(18);
    expect(Math.max(...deviations.map(Math.abs))).toBeLessThan(3.5);
    expect(Math.abs(mean(deviations))).toBeLessThan(3 / Math.sqrt(18));
  });

  it("holds for a single type of attack", async () => {
    const under = arrangeArena({ timeScale: 0, seed: 12 });
    const { red, blue, target } = under;

    const counts = await playMany(under, [red, blue, target], 300, "injection");
    const { rate, error } = clusteredRate(counts);
    const probability = under.arena.truth.attackSuccessProbability({
      red: red.id,
      blue: blue.id,
      target: target.id,
      attackType: "injection",
    });

    expect(Math.abs(rate - probability) / error).toBeLessThan(3);
  });

  it("puts the agents in the order that a large batch finds", async () => {
    const under = arrangeArena({ timeScale: 0, seed: 13 });
    const played: { pairing: readonly [Agent, Agent, Agent]; rate: number }[] = [];
    for (const pairing of pairings(under)) {
      const { rate } = clusteredRate(await playMany(under, pairing, 20));
      played.push({ pairing, rate });
    }
    const observed = (index: 0 | 1, sign: number) => {
      const rateOf = (agent: Agent) =>
        mean(played.filter(({ pairing }) => pairing[index] === agent).map(({ rate }) => rate));
      return [...new Set(played.map(({ pairing }) => pairing[index]))]
        .sort((a, b) => sign * (rateOf(a) - rateOf(b)))
        .map(({ name }) => name);
    };
    const truth = (type: "red" | "blue") =>
      under.arena.truth.ranking(type).map(({ agent }) => agent.name);

    expect(observed(0, -1)).toEqual(truth("red"));
    expect(observed(1, 1)).toEqual(truth("blue"));
  });

  it("makes the attacks of one match hang together, unless told not to", async () => {
    const linked = arrangeArena({ timeScale: 0, seed: 14 });
    const independent = arrangeArena({ timeScale: 0, seed: 14, matchEffectDeviation: 0 });
    const designEffect = async (under: ArenaUnderTest) => {
      const pairing = [under.red, under.blue, under.target] as const;
      return clusteredRate(await playMany(under, pairing, 300)).designEffect;
    };

    expect(await designEffect(linked)).toBeGreaterThan(1.8);
    expect(await designEffect(independent)).toBeLessThan(1.3);
  });

  it("follows an edit of an agent, and returns when the edit is undone", async () => {
    const { arena, send, red } = arrangeArena();
    const before = arena.truth.strengthOf(red);

    await send("PATCH", `/api/agents/${red.id}`, { systemPrompt: "Something else." });
    const edited = arena.truth.strengthOf(red);
    await send("PATCH", `/api/agents/${red.id}`, { systemPrompt: red.systemPrompt });

    expect(edited.jailbreak).not.toBe(before.jailbreak);
    expect(arena.truth.strengthOf(red)).toEqual(before);
  });

  it("refuses an agent that is not there", () => {
    const { arena, red, blue } = arrangeArena();

    expect(() => arena.truth.expectedAttackSuccessRate(red, blue, "nobody")).toThrow(
      /no agent nobody/,
    );
  });
});
