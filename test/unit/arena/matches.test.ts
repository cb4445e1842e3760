import { describe, expect, it } from "vitest";
import { arrangeArena } from "./support.ts";

describe("a match of the sample arena", () => {
  it("is pending, then running, then complete, as time passes", async () => {
    const { startMatch, match, advance } = arrangeArena({ timeScale: 1 });

    const created = await startMatch();
    advance(500);
    const started = await match(created.id);
    advance(4999);
    const nearlyOver = await match(created.id);
    advance(1);
    const over = await match(created.id);

    expect(created).toEqual({
      id: "AR-2025-0001",
      status: "pending",
      redAgentId: created.redAgentId,
      blueAgentId: created.blueAgentId,
      targetAgentId: created.targetAgentId,
      score: { attacks: 0, defenses: 0, severity: 0 },
    });
    expect(started).toMatchObject({ status: "running", startedAt: "2025-06-01T00:00:00.500Z" });
    expect(nearlyOver.status).toBe("running");
    expect(nearlyOver).not.toHaveProperty("winner");
    expect(over).toMatchObject({
      status: "complete",
      startedAt: "2025-06-01T00:00:00.500Z",
      completedAt: "2025-06-01T00:00:05.500Z",
      duration: 5,
    });
    expect(["red", "blue", "draw"]).toContain(over.winner);
  });

  it.each([
    ["quick", 5, 5_000],
    ["standard", 20, 40_000],
    ["deep", 50, 150_000],
  ])("has the rounds and the length of its mode: %s", async (mode, rounds, lengthMs) => {
    const { startMatch, match, get, advance } = arrangeArena({ timeScale: 1 });
    const { id } = await startMatch({ mode });

    advance(500 + lengthMs - 1);
    expect((await match(id)).status).toBe("running");
    advance(1);

    expect((await match(id)).status).toBe("complete");
    expect((await get(`/api/matches/${id}/rounds`)).body).toHaveLength(rounds);
  });

  it("is complete as soon as it is created when time does not count", async () => {
    const { startMatch, events } = arrangeArena({ timeScale: 0 });

    const created = await startMatch({ mode: "deep" });

    expect(created).toMatchObject({ status: "complete", duration: 0 });
    expect((await events(created.id)).filter(({ type }) => type === "attack")).toHaveLength(50);
  });

  it.each([0, 0.2])("never ends in continuous mode (time scale %d)", async (timeScale) => {
    const { startMatch, match, events, advance } = arrangeArena({ timeScale });
    const { id } = await startMatch({ mode: "continuous" });

    advance(3_600_000);

    expect((await match(id)).status).toBe("running");
    expect(await events(id)).toHaveLength(1000);
  });

  it("is standard when no mode is given", async () => {
    const { send, get, red, blue, target } = arrangeArena({ timeScale: 0 });

    const { body } = await send("POST", "/api/matches", {
      redAgentId: red.id,
      blueAgentId: blue.id,
      targetAgentId: target.id,
    });

    expect((await get(`/api/matches/${body.id}/rounds`)).body).toHaveLength(20);
  });

  it("keeps its metadata", async () => {
    const { startMatch, match } = arrangeArena();
    const { id } = await startMatch({ metadata: { run: "nightly", n: 3 } });

    expect((await match(id)).metadata).toEqual({ run: "nightly", n: 3 });
  });

  it("stands still while it is paused, and plays on where it stopped", async () => {
    const { startMatch, match, send, events, advance } = arrangeArena({ timeScale: 1 });
    const { id } = await startMatch();
    advance(500 + 2300);

    const paused = await send("POST", `/api/matches/${id}/pause`);
    const before = await events(id);
    advance(60_000);
    const during = [await match(id), await events(id)];
    const resumed = await send("POST", `/api/matches/${id}/resume`);
    advance(2699);
    const nearlyOver = await match(id);
    advance(1);
    const over = await match(id);

    expect(paused).toEqual({ status: 200, body: { message: "Match paused" } });
    expect(during).toEqual([expect.objectContaining({ status: "paused" }), before]);
    expect(during[0]).not.toHaveProperty("winner");
    expect(resumed).toEqual({ status: 200, body: { message: "Match resumed" } });
    expect(nearlyOver.status).toBe("running");
    expect(over).toMatchObject({ status: "complete", duration: 65 });
    expect((await events(id)).slice(0, before.length)).toEqual(before);
  });

  it("cannot be paused before it runs or after it is over, nor resumed when it is not paused", async () => {
    const { startMatch, send, advance } = arrangeArena();
    const { id } = await startMatch();

    const early = await send("POST", `/api/matches/${id}/pause`);
    const notPaused = await send("POST", `/api/matches/${id}/resume`);
    advance(60_000);
    const late = await send("POST", `/api/matches/${id}/pause`);

    expect(early).toEqual({
      status: 400,
      body: { error: `Match ${id} is pending: only a running match can be paused.` },
    });
    expect(notPaused.status).toBe(400);
    expect(late).toMatchObject({ status: 400, body: { error: expect.stringMatching(/complete/) } });
  });

  it("says completed when the arena is told to", async () => {
    const { startMatch } = arrangeArena({ timeScale: 0, saysCompleted: true });

    expect((await startMatch()).status).toBe("completed");
  });

  it.each(["", "/events", "/rounds", "/transcript"])(
    "answers 404 when it is not there: %s",
    async (part) => {
      const { get } = arrangeArena();

      expect(await get(`/api/matches/AR-2025-0042${part}`)).toEqual({
        status: 404,
        body: { error: "Match not found" },
      });
    },
  );
});

describe("POST /api/matches", () => {
  it("checks that the three ids are uuids", async () => {
    const { send } = arrangeArena();

    const answer = await send("POST", "/api/matches", {
      redAgentId: "red-1",
      blueAgentId: 3,
      mode: "fast",
    });

    expect(answer.status).toBe(400);
    expect(answer.body.error).toBe("Validation error");
    expect(answer.body.details.map(({ path }: { path: string[] }) => path)).toEqual([
      ["redAgentId"],
      ["blueAgentId"],
      ["targetAgentId"],
      ["mode"],
    ]);
  });

  it("refuses agents that are not there or play another side", async () => {
    const { send, red, blue, target } = arrangeArena();
    const ids = { redAgentId: red.id, blueAgentId: blue.id, targetAgentId: target.id };
    const stranger = "00000000-0000-4000-8000-000000000000";

    const missing = await send("POST", "/api/matches", { ...ids, blueAgentId: stranger });
    const swapped = await send("POST", "/api/matches", { ...ids, redAgentId: blue.id });

    expect(missing).toEqual({ status: 404, body: { error: `Agent not found: ${stranger}` } });
    expect(swapped.status).toBe(400);
    expect(swapped.body.error).toContain("is a blue agent, not a red one");
  });
});

describe("GET /api/matches", () => {
  it("lists the newest first, by limit and offset", async () => {
    const { startMatch, get } = arrangeArena({ timeScale: 0 });
    for (let index = 0; index < 5; index += 1) await startMatch();
    const ids = async (query: string) =>
      (await get(`/api/matches${query}`)).body.map(({ id }: { id: string }) => id.slice(-1));

    expect(await ids("")).toEqual(["5", "4", "3", "2", "1"]);
    expect(await ids("?limit=2")).toEqual(["5", "4"]);
    expect(await ids("?limit=2&offset=3")).toEqual(["2", "1"]);
    expect(await ids("?limit=2&offset=4")).toEqual(["1"]);
    expect(await ids("?offset=9")).toEqual([]);
  });

  it.each(["?limit=0", "?limit=many", "?offset=-1"])("refuses %s", async (query) => {
    const { get } = arrangeArena();

    expect((await get(`/api/matches${query}`)).status).toBe(400);
  });
});

describe("an arena that plays one match at a time", () => {
  it("cancels what is started meanwhile, and plays again once it is free", async () => {
    const { startMatch, match, events, advance } = arrangeArena({ oneAtATime: true, timeScale: 1 });
    const first = await startMatch();
    const second = await startMatch();
    advance(1000);

    expect(second.status).toBe("pending");
    expect(await match(first.id)).toMatchObject({ status: "running" });
    expect(await match(second.id)).toMatchObject({ status: "cancelled" });
    expect(await match(second.id)).not.toHaveProperty("winner");
    expect((await events(second.id)).map(({ prompt }) => prompt)).toEqual([
      "Match cancelled: Another match is running.",
    ]);

    advance(4500);
    const third = await startMatch();
    advance(1000);
    expect((await match(third.id)).status).toBe("running");
  });

  it("is not kept busy by a match that was cancelled or is paused", async () => {
    const { startMatch, match, send, advance } = arrangeArena({ oneAtATime: true, timeScale: 1 });
    const first = await startMatch();
    advance(1000);
    await startMatch();
    await send("POST", `/api/matches/${first.id}/pause`);

    const third = await startMatch();
    advance(1000);

    expect((await match(third.id)).status).toBe("running");
    expect(await send("POST", `/api/matches/${first.id}/resume`)).toMatchObject({ status: 400 });
  });

  it("counts how many matches were live at once", async () => {
    const { arena, startMatch, advance } = arrangeArena();
    await Promise.all([startMatch(), startMatch(), startMatch()]);
    advance(60_000);
    await startMatch();

    expect(arena.peakLiveMatches).toBe(3);
  });
});
