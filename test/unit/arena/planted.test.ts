import { describe, expect, it } from "vitest";
import { plantedKinds } from "../../../examples/arena/index.ts";
import { type ArenaUnderTest, arrangeArena } from "./support.ts";

async function played(options = {}): Promise<ArenaUnderTest> {
  const under = arrangeArena({ timeScale: 0, ...options });
  for (let index = 0; index < 20; index += 1) await under.startMatch({ mode: "deep" });
  return under;
}

async function textsById(under: ArenaUnderTest): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { id } of (await under.get("/api/matches")).body) {
    for (const event of await under.events(id)) texts.set(event.id, event.prompt);
  }
  for (const agent of under.arena.agents) texts.set(agent.id, agent.systemPrompt);
  return texts;
}

describe("what is planted in the texts", () => {
  it("is listed with the place where it stands", async () => {
    const under = await played({ loneSurrogates: true });
    const texts = await textsById(under);

    expect(under.arena.planted.length).toBeGreaterThan(100);
    for (const item of under.arena.planted) {
      const text = texts.get("eventId" in item ? item.eventId : item.agentId);
      expect(text).toContain(item.value);
    }
  });

  it("holds every kind", async () => {
    const { arena } = await played({ loneSurrogates: true });

    expect(new Set(arena.planted.map(({ kind }) => kind))).toEqual(new Set(plantedKinds));
  });

  it("has lone surrogates on demand only", async () => {
    const [without, withThem] = [await played(), await played({ loneSurrogates: true })];
    const malformed = async (under: ArenaUnderTest) =>
      [...(await textsById(under)).values()].filter((text) => !text.isWellFormed()).length;

    expect(await malformed(without)).toBe(0);
    expect(await malformed(withThem)).toBeGreaterThan(0);
  });

  it("has card numbers whose check digit is right", async () => {
    const { arena } = await played();
    const cards = arena.planted.filter(({ kind }) => kind === "card-number");

    expect(cards.length).toBeGreaterThan(0);
    for (const { value } of cards) expect(luhnSum(value) % 10).toBe(0);
  });

  it("repeats a target's own secrets, in its prompt and in what it leaks", async () => {
    const { arena, target } = await played();
    const own = arena.planted.filter((item) => "agentId" in item && item.agentId === target.id);
    const leaked = arena.planted.filter((item) => "eventId" in item);

    expect(own.map(({ kind }) => kind)).toEqual(["api-key", "password", "email", "phone"]);
    expect(own.some(({ value }) => leaked.some((item) => item.value === value))).toBe(true);
  });

  it("has exact duplicates that are equal, and near ones that are not", async () => {
    const { arena } = await played();
    const groups = Map.groupBy(
      arena.planted.filter(({ group }) => group !== undefined),
      ({ group }) => group,
    );
    const repeated = [...groups.values()].filter((group) => group.length > 1);

    expect(repeated.length).toBeGreaterThan(3);
    for (const group of groups.values()) {
      const exact = group
        .filter(({ kind }) => kind === "exact-duplicate")
        .map(({ value }) => value);
      const near = group.filter(({ kind }) => kind === "near-duplicate").map(({ value }) => value);
      expect(new Set(exact).size).toBeLessThanOrEqual(1);
      for (const text of near) expect(exact).not.toContain(text);
    }
  });

  it("marks refusals as successes here and there", async () => {
    const under = await played();
    const [item] = under.arena.planted.filter(({ kind }) => kind === "refusal-as-success");
    if (item === undefined || !("eventId" in item)) throw new Error("nothing was planted");

    const events = await under.events(item.matchId);
    const reply = events.findIndex(({ id }) => id === item.eventId);
    const attack = events.slice(0, reply).findLast(({ type }) => type === "attack");

    expect(events[reply]?.prompt).toMatch(/^I'm sorry, but I can't help with that\./);
    expect(attack?.outcome).toBe("success");
  });
});

function luhnSum(number: string): number {
  return [...number.replaceAll(/\D/g, "")].reverse().reduce((sum, character, index) => {
    const digit = Number(character) * (1 + (index % 2));
    return sum + (digit > 9 ? digit - 9 : digit);
  }, 0);
}
