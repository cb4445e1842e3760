import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { matchesOf, matchOf } from "../support/arena-calls.ts";
import { eventually } from "../support/eventually.ts";
import { failingRoutes } from "../support/failing-routes.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { startHoldingProxy } from "../support/holding-proxy.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";

const lines: EngineLine[] = ["2.0", "1.3"];

describe.each(lines)("match-orchestration in trouble on Kestra %s", (line) => {
  let world: FlowWorld;

  beforeAll(async () => {
    world = await createFlowWorld(
      line,
      "match-trouble",
      {},
      { cancelled_retries: 2, cancelled_retry_seconds: 1 },
    );
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  it("rides out errors of the arena that go away, and creates one match all the same", async () => {
    const before = (await matchesOf(world.arena)).length;
    world.arena.setFaults(failingRoutes(2));

    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });
    const result = await execution.result();

    world.arena.setFaults({});
    expect(result.matchStatus).toBe("complete");
    expect(await matchesOf(world.arena)).toHaveLength(before + 1);
  });

  it("creates one match a try though the arena's answer to that is lost, and follows it", async () => {
    const before = (await matchesOf(world.arena)).length;
    world.arena.setFaults({
      routes: [{ route: "POST /api/matches", kind: "reset", hasEffect: true, first: 1 }],
      matches: [{ kind: "cancelled", first: 1 }],
    });

    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });
    const result = await execution.result();

    const matches = (await matchesOf(world.arena)).slice(0, -before || undefined);
    expect(matches.map(({ status }) => status)).toEqual(["complete", "cancelled"]);
    expect(result.matchId).toBe(matches[0]!.id);
  });

  it("rides out connections that are cut", async () => {
    world.arena.setFaults({
      routes: [{ route: "GET /api/matches/:id", kind: "reset", first: 3 }],
    });

    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });

    expect((await execution.result()).matchStatus).toBe("complete");
  });

  it("fails when nothing listens where the arena should be, and says where that is", async () => {
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });

      const reason = await reasonOf(execution);

      expect(reason).toContain("Connection refused");
      expect(reason).toContain(address);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("gives up on a match that never ends, and stops it", async () => {
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });

    const execution = await world.client.runMatch({
      ...world.pairing(),
      mode: "quick",
      maxWaitSeconds: 2,
    });

    const reason = await reasonOf(execution);
    const [match] = await matchesOf(world.arena);
    expect(reason).toContain(`Match ${match!.id} is still running after 2 seconds`);
    await eventually(async () => {
      expect((await matchOf(world.arena, match!.id)).status).toBe("paused");
    });
  });

  it("plays a match again that the arena has cancelled", async () => {
    world.arena.setFaults({ matches: [{ kind: "cancelled", first: 2 }] });
    const before = (await matchesOf(world.arena)).length;

    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });
    const result = await execution.result();

    const matches = (await matchesOf(world.arena)).slice(0, -before || undefined);
    expect(matches.map(({ status }) => status)).toEqual(["complete", "cancelled", "cancelled"]);
    expect(result.matchId).toBe(matches[0]!.id);
  });

  it("says so when the arena cancels every try", async () => {
    world.arena.setFaults({ matches: [{ kind: "cancelled" }] });

    const execution = await world.client.runMatch({ ...world.pairing(), mode: "quick" });

    expect(await reasonOf(execution)).toMatch(/was cancelled by the arena \(try 3 of 3\)/);
  });

  it("ends as KILLED when it is killed, stops the match, and asks for nothing more", async () => {
    world.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const execution = await world.client.runMatch(world.pairing());
    const matchId = await eventually(async () => {
      const [newest] = await matchesOf(world.arena);
      expect(newest?.status).toBe("running");
      return newest!.id;
    });

    const cancelled = await execution.cancel();

    expect(cancelled).toMatchObject({ hasEnded: true, state: "KILLED" });
    await eventually(async () => {
      expect((await matchOf(world.arena, matchId)).status).toBe("paused");
    });
    // Another match is polled several times meanwhile; the killed one must not be.
    const seen = { ...world.arena.requests };
    await using other = await createFlowWorld(line, "match.other", { timeScale: 0.1 });
    await (await other.client.runMatch({ ...other.pairing(), mode: "standard" })).result();
    expect(world.arena.requests).toEqual(seen);
  });

  it("stops a match whose id no execution lived to read, once it has begun", async () => {
    // It is pending for two seconds, in which the arena refuses to stop it.
    await using unread = await createFlowWorld(
      line,
      "match.unread",
      { timeScale: 4 },
      { read_timeout: "PT1S" },
    );
    unread.arena.setFaults({
      routes: [{ route: "POST /api/matches", kind: "slow", delayMs: 600_000, hasEffect: true }],
    });

    const execution = await unread.client.runMatch({
      ...unread.pairing(),
      mode: "continuous",
      maxRounds: 900,
    });
    const matchId = await eventually(async () => {
      const [match] = await matchesOf(unread.arena);
      expect(match).toBeDefined();
      return match!.id;
    });
    await execution.cancel();

    await eventually(async () => {
      expect((await matchOf(unread.arena, matchId)).status).toBe("paused");
    });
  });

  it("stops a match that the arena makes only after the execution was killed", async () => {
    await using late = await createFlowWorld(line, "match.late");
    await using proxy = await startHoldingProxy(late.arena.url);
    await late.pointTo(proxy.url);
    late.arena.setFaults({ matches: [{ kind: "never-ends" }] });
    const asked = proxy.delayNext(1_500);
    const execution = await late.client.runMatch({ ...late.pairing(), mode: "quick" });
    await asked;

    await execution.cancel();

    await eventually(async () => {
      const statuses = (await matchesOf(late.arena)).map(({ status }) => status);
      expect(statuses).toEqual(["paused"]);
    });
  });

  describe("when the arena is slow to answer", () => {
    let slow: FlowWorld;

    beforeAll(async () => {
      slow = await createFlowWorld(line, "match.slow", {}, { read_timeout: "PT1S" });
    });
    afterAll(() => slow?.[Symbol.asyncDispose]());

    it("gives up on an answer that does not come, and asks again", async () => {
      slow.arena.setFaults({
        routes: [{ route: "GET /api/matches/:id", kind: "slow", delayMs: 600_000, first: 1 }],
      });

      const execution = await slow.client.runMatch({ ...slow.pairing(), mode: "quick" });

      expect((await execution.result()).matchStatus).toBe("complete");
    });
  });
});
