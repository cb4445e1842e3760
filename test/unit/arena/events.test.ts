import { describe, expect, it } from "vitest";
import type { ArenaEvent, Round } from "../../../examples/arena/types.ts";
import { arrangeArena } from "./support.ts";

describe("a match's events", () => {
  it("appear one by one as time passes", async () => {
    const { startMatch, events, get, advance } = arrangeArena({ timeScale: 1 });
    const { id } = await startMatch();
    const types = async () => (await events(id)).map(({ type }) => type);

    expect(await types()).toEqual([]);
    advance(500);
    expect(await types()).toEqual(["system"]);
    advance(250);
    expect(await types()).toEqual(["system", "attack"]);
    advance(250);
    expect(await types()).toEqual(["system", "attack", "defense"]);
    expect((await get(`/api/matches/${id}/rounds`)).body).toEqual([]);
    advance(500);
    expect((await get(`/api/matches/${id}/rounds`)).body).toHaveLength(1);
    advance(4000);
    expect((await types()).at(-1)).toBe("system");
  });

  it("are in the order of their time and name the agent that speaks", async () => {
    const { startMatch, events, advance, red, blue, target } = arrangeArena();
    const { id } = await startMatch({ mode: "standard" });
    advance(60_000);

    const all = await events(id);
    const speakers = (type: string) =>
      new Set(all.filter((event) => event.type === type).map((event) => event.agentId));

    expect(all.map(({ timestamp }) => timestamp)).toEqual(
      all.map(({ timestamp }) => timestamp).toSorted(),
    );
    expect(new Set(all.map((event) => event.id)).size).toBe(all.length);
    expect(speakers("attack")).toEqual(new Set([red.id]));
    expect(speakers("defense")).toEqual(new Set([blue.id]));
    expect(speakers("target")).toEqual(new Set([target.id]));
  });

  it("are cut by limit and offset", async () => {
    const { startMatch, events, get } = arrangeArena({ timeScale: 0 });
    const { id } = await startMatch();
    const all = await events(id);

    expect((await get(`/api/matches/${id}/events?limit=4`)).body).toEqual(all.slice(0, 4));
    expect((await get(`/api/matches/${id}/events?limit=2&offset=3`)).body).toEqual(all.slice(3, 5));
  });

  it("agree with the rounds, the transcript and the score", async () => {
    const { startMatch, get } = arrangeArena({ timeScale: 0, seed: 3 });
    const match = await startMatch({ mode: "deep" });
    const { events, rounds } = (
      await get<{ events: ArenaEvent[]; rounds: Round[] }>(`/api/matches/${match.id}/transcript`)
    ).body;
    const byId = new Map(events.map((event) => [event.id, event]));
    const attacks = events.filter(({ type }) => type === "attack");
    const count = (...outcomes: string[]) =>
      attacks.filter(({ outcome }) => outcomes.includes(outcome)).length;

    expect((await get(`/api/matches/${match.id}/events`)).body).toEqual(events);
    expect((await get(`/api/matches/${match.id}/rounds`)).body).toEqual(rounds);
    expect(rounds.map(({ roundNumber }) => roundNumber)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    for (const round of rounds) {
      const attack = byId.get(round.attackEventId ?? "");
      expect(byId.get(round.defenseEventId ?? "")?.type).toBe("defense");
      if (round.targetEventId !== undefined) {
        expect(byId.get(round.targetEventId)?.type).toBe("target");
      }
      expect(round.score.attackSuccess).toBe(
        ["success", "detected"].includes(attack?.outcome ?? ""),
      );
    }
    // The backend's own count: a detected attack is a won one.
    expect(match.score.attacks).toBe(count("success", "detected"));
    expect(match.score.defenses).toBe(count("blocked", "mitigated"));
    expect(match.winner).toBe(
      match.score.attacks > match.score.defenses
        ? "red"
        : match.score.attacks < match.score.defenses
          ? "blue"
          : "draw",
    );
  });

  it("know every outcome, every attack type and every severity", async () => {
    const { startMatch, events } = arrangeArena({ timeScale: 0 });
    const all: ArenaEvent[] = [];
    for (let index = 0; index < 10; index += 1) {
      all.push(...(await events((await startMatch({ mode: "deep" })).id)));
    }
    const attacks = all.filter(({ type }) => type === "attack");

    expect(new Set(attacks.map(({ outcome }) => outcome)).size).toBe(6);
    expect(new Set(attacks.map(({ attackType }) => attackType)).size).toBe(8);
    expect(new Set(attacks.map(({ severity }) => severity)).size).toBe(4);
    expect(new Set(attacks.map(({ prompt }) => prompt)).size).toBeGreaterThan(450);
  });

  it("leave the target out of some rounds, where blue stopped the attack before", async () => {
    const { startMatch, get } = arrangeArena({ timeScale: 0 });
    const outcomes: (string | undefined)[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { id } = await startMatch({ mode: "deep" });
      const { events, rounds } = (
        await get<{ events: ArenaEvent[]; rounds: Round[] }>(`/api/matches/${id}/transcript`)
      ).body;
      const unseen = rounds.filter(({ targetEventId }) => targetEventId === undefined);
      const outcomeOf = ({ attackEventId }: Round) =>
        events.find((event) => event.id === attackEventId)?.outcome;
      outcomes.push(...unseen.map(outcomeOf));
    }

    expect(outcomes.length).toBeGreaterThan(0);
    expect(new Set(outcomes)).toEqual(new Set(["blocked"]));
  });
});
