import { describe, expect, it } from "vitest";
import { type ArenaUnderTest, arrangeArena, outcomesOf } from "./support.ts";

async function play(arena: ArenaUnderTest, blueIndex = 0): Promise<string[]> {
  const blues = arena.arena.agents.filter(({ type }) => type === "blue");
  const match = await arena.startMatch({ blueAgentId: blues[blueIndex]?.id ?? "" });
  return outcomesOf(await arena.events(match.id));
}

describe("the same seed", () => {
  it("answers the same bytes to the same calls", async () => {
    const [one, other] = [arrangeArena({ timeScale: 0 }), arrangeArena({ timeScale: 0 })];
    const transcript = async (arena: ArenaUnderTest) => {
      const { id } = await arena.startMatch({ mode: "standard" });
      return (await arena.arena.app.request(`/api/matches/${id}/transcript`)).text();
    };

    expect(await transcript(one)).toBe(await transcript(other));
  });

  it("gives repetitions that differ, and a given one that is the same whatever else is played", async () => {
    const [alone, amongOthers] = [arrangeArena({ timeScale: 0 }), arrangeArena({ timeScale: 0 })];

    const undisturbed = [await play(alone), await play(alone), await play(alone)];
    const disturbed: string[][] = [];
    for (let repetition = 0; repetition < 3; repetition += 1) {
      await play(amongOthers, 1);
      disturbed.push(await play(amongOthers));
      await play(amongOthers, 2);
    }

    expect(disturbed).toEqual(undisturbed);
    expect(new Set(undisturbed.map((outcomes) => outcomes.join())).size).toBe(3);
  });

  it("does not use up a repetition for a match that is cancelled", async () => {
    const undisturbed = arrangeArena({ timeScale: 0 });
    const disturbed = arrangeArena({
      timeScale: 0,
      faults: { matches: [{ kind: "cancelled", first: 2 }] },
    });
    await play(disturbed);
    await play(disturbed);

    expect(await play(disturbed)).toEqual(await play(undisturbed));
  });

  it("does not depend on how fast the match is played", async () => {
    const [instant, slow] = [arrangeArena({ timeScale: 0 }), arrangeArena({ timeScale: 1 })];
    const match = await slow.startMatch();
    slow.advance(60_000);

    expect(outcomesOf(await slow.events(match.id))).toEqual(await play(instant));
  });
});

it("Another seed gives other matches", async () => {
  const outcomes = (seed: number) => play(arrangeArena({ seed, timeScale: 0 }));

  expect(await outcomes(1)).not.toEqual(await outcomes(2));
});

it("A match plays the agents as they were when it was created", async () => {
  const [edited, untouched] = [arrangeArena({ timeScale: 1 }), arrangeArena({ timeScale: 1 })];
  const [match, same] = [await edited.startMatch(), await untouched.startMatch()];
  await edited.send("PATCH", `/api/agents/${edited.red.id}`, {
    systemPrompt: "Be quite different.",
  });
  await edited.send("DELETE", `/api/agents/${edited.blue.id}`);
  edited.advance(60_000);
  untouched.advance(60_000);

  expect(await edited.events(match.id)).toEqual(await untouched.events(same.id));
});
