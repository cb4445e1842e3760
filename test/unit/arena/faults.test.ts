import { describe, expect, it } from "vitest";
import type { ArenaFaults } from "../../../examples/arena/index.ts";
import { type ArenaUnderTest, arrangeArena } from "./support.ts";

const healthTimes = async (under: ArenaUnderTest, times: number) => {
  const statuses: number[] = [];
  for (let index = 0; index < times; index += 1) {
    statuses.push((await under.arena.app.request("/health")).status);
  }
  return statuses;
};

describe("a fault of a route", () => {
  it("hits the first calls and then goes away", async () => {
    const under = arrangeArena({
      faults: { routes: [{ route: "GET /health", kind: "status", status: 502, first: 2 }] },
    });

    expect(await healthTimes(under, 4)).toEqual([502, 502, 200, 200]);
    expect(under.arena.requests).toEqual({ "GET /health": 4 });
  });

  it("hits as often as its probability says, the same calls with the same seed", async () => {
    const faults: ArenaFaults = {
      routes: [{ route: "*", kind: "status", probability: 0.3 }],
    };
    const hits = async (seed: number) => healthTimes(arrangeArena({ seed, faults }), 200);

    const failed = (await hits(4)).filter((status) => status === 503).length;

    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(80);
    expect(await hits(4)).toEqual(await hits(4));
    expect(await hits(4)).not.toEqual(await hits(5));
  });

  it("leaves the other routes and the calls' effects alone", async () => {
    const under = arrangeArena({
      faults: { routes: [{ route: "POST /api/matches", kind: "status" }] },
    });

    await under.startMatch();

    expect((await under.get("/api/matches")).body).toEqual([]);
  });

  it("can lose the answer of a call that had its effect", async () => {
    const under = arrangeArena({
      faults: {
        routes: [{ route: "POST /api/matches", kind: "status", status: 504, hasEffect: true }],
      },
    });
    const ids = {
      redAgentId: under.red.id,
      blueAgentId: under.blue.id,
      targetAgentId: under.target.id,
    };

    const answer = await under.send("POST", "/api/matches", ids);

    expect(answer).toEqual({ status: 504, body: { error: "An injected fault." } });
    expect((await under.get("/api/matches")).body).toHaveLength(1);
  });

  it("breaks the JSON of an answer, or its meaning", async () => {
    const { arena } = arrangeArena({
      faults: {
        routes: [
          { route: "GET /api/matches", kind: "malformed" },
          { route: "GET /api/agents", kind: "wrong-shape" },
        ],
      },
    });

    const malformed = await arena.app.request("/api/matches");
    const wrongShape = await arena.app.request("/api/agents");

    expect([malformed.status, wrongShape.status]).toEqual([200, 200]);
    await expect(malformed.json()).rejects.toThrow(SyntaxError);
    expect(await wrongShape.json()).toEqual({ unexpected: true });
  });

  it("is refused with a list of routes when there is no such route", () => {
    const { arena } = arrangeArena();
    const wrong = { routes: [{ route: "GET /api/match", kind: "status" }] } as unknown;

    expect(() => arena.setFaults(wrong as ArenaFaults)).toThrow(
      /no such faults[\s\S]*GET \/api\/matches/,
    );
  });
});

describe("a fault of a match", () => {
  it("keeps it running for ever", async () => {
    const { startMatch, match, events, advance } = arrangeArena({
      faults: { matches: [{ kind: "never-ends" }] },
    });
    const { id } = await startMatch();

    advance(3_600_000);

    expect((await match(id)).status).toBe("running");
    expect((await events(id)).filter(({ type }) => type === "attack")).toHaveLength(5);
  });

  it("cancels the first matches of each combination", async () => {
    const { arena, startMatch } = arrangeArena({
      timeScale: 0,
      faults: { matches: [{ kind: "cancelled", first: 2 }] },
    });
    const others = arena.agents.filter(({ type }) => type === "target");

    const statuses: string[] = [];
    for (const { id } of [...others, ...others, ...others]) {
      statuses.push((await startMatch({ targetAgentId: id })).status);
    }

    expect(statuses).toEqual([
      "cancelled",
      "cancelled",
      "cancelled",
      "cancelled",
      "complete",
      "complete",
    ]);
  });

  it("concerns the agents and the mode that it names", async () => {
    const under = arrangeArena({ timeScale: 0 });
    const [, otherRed] = under.arena.agents;
    under.arena.setFaults({
      matches: [{ kind: "cancelled", redAgentId: under.red.id, mode: "quick" }],
    });

    expect((await under.startMatch()).status).toBe("cancelled");
    expect((await under.startMatch({ mode: "deep" })).status).toBe("complete");
    expect((await under.startMatch({ redAgentId: otherRed?.id ?? "" })).status).toBe("complete");
  });

  it("can cancel it after some rounds", async () => {
    const { startMatch, match, events, advance } = arrangeArena({
      timeScale: 1,
      faults: { matches: [{ kind: "cancelled", afterRounds: 2 }] },
    });
    const { id } = await startMatch();
    advance(2400);
    const running = await match(id);
    advance(60_000);

    expect(running.status).toBe("running");
    expect(await match(id)).toMatchObject({ status: "cancelled", duration: 2 });
    expect((await events(id)).filter(({ type }) => type === "attack")).toHaveLength(2);
    expect((await events(id)).at(-1)?.prompt).toBe("Match cancelled: An injected fault.");
  });
});

describe("the faults at run time", () => {
  it("are replaced, and counted anew", async () => {
    const under = arrangeArena();
    const once: ArenaFaults = { routes: [{ route: "GET /health", kind: "status", first: 1 }] };

    under.arena.setFaults(once);
    const first = await healthTimes(under, 2);
    under.arena.setFaults(once);
    const second = await healthTimes(under, 1);
    under.arena.setFaults({});
    const third = await healthTimes(under, 1);

    expect([first, second, third]).toEqual([[503, 200], [503], [200]]);
  });

  it("can be set by another process over HTTP", async () => {
    const under = arrangeArena({ apiKey: "the-key" });

    const set = await under.send("POST", "/__faults", {
      routes: [{ route: "GET /health", kind: "status" }],
      oneAtATime: true,
    });
    const hit = await healthTimes(under, 1);
    const wrong = await under.send("POST", "/__faults", { matches: [{ kind: "explodes" }] });
    const present = await under.get("/__faults");
    const ended = await under.send("DELETE", "/__faults");

    expect(set.status).toBe(200);
    expect(hit).toEqual([503]);
    expect(wrong.status).toBe(400);
    expect(present.body).toEqual(set.body);
    expect(ended.status).toBe(204);
    expect(await healthTimes(under, 1)).toEqual([200]);
  });

  it("can make the arena play one match at a time", async () => {
    const { arena, startMatch, match, advance } = arrangeArena();
    arena.setFaults({ oneAtATime: true });
    await startMatch();
    const { id } = await startMatch();
    advance(500);

    expect((await match(id)).status).toBe("cancelled");
  });
});

it("A route that does not exist answers 404 in the API's shape", async () => {
  const { get } = arrangeArena();

  expect(await get("/api/nothing")).toEqual({ status: 404, body: { error: "Not found" } });
});

it("An option that makes no sense is refused by name", () => {
  expect(() => arrangeArena({ red: 0 })).toThrow(/cannot be made like this[\s\S]*red/);
});
