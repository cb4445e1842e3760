import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import type { GenerateDatasetInput } from "../../../src/index.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { playMatches } from "../support/arena-matches.ts";
import { expectToAddUp, rowsOf } from "../support/dataset-rows.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { everythingAbout } from "../support/leaks.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
/** Small enough that fourteen matches take several pages and several steps. */
const knobs = { page_size: 5, matches_per_step: 4 };

describe.each(lines)("dataset-generation on Kestra %s", (line) => {
  let world: FlowWorld;
  let matchIds: string[];

  beforeAll(async () => {
    world = await createFlowWorld(line, "dataset", { timeScale: 0 }, knobs);
    matchIds = await playMatches(world.arena, { count: 14 });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  const generate = (input: GenerateDatasetInput) =>
    world.client.generateDataset({ minSeverity: 0, matchIds, ...input });

  it("writes one JSON array, or JSON lines and a word on Parquet", async () => {
    const [array, parquet] = await Promise.all([
      generate({ format: "json" }),
      generate({ format: "parquet" }),
    ]);
    const [arrayResult, parquetResult] = [await array.result(), await parquet.result()];

    const text = await (await array.download(arrayResult.datasetFile)).text();
    const rows = await rowsOf(parquet, parquetResult);
    expect(JSON.parse(text)).toEqual(rows);
    expect(arrayResult.validation.format).toBe("json");
    expect(parquetResult.validation).toMatchObject({
      format: "jsonl",
      notes: [expect.stringContaining("cannot write Parquet")],
    });
  });

  it("leaves out matches that are unknown, unfinished, of another agent or for evaluation, by reason", async () => {
    const [unfinished] = await playMatches(world.arena, { mode: "continuous" });
    const [evaluation] = await playMatches(world.arena, { metadata: { purpose: "evaluation" } });
    const { redAgentId } = world.pairing();
    const ids = [...matchIds.slice(0, 6), unfinished!, evaluation!, "AR-1999-0001", "../agents"];

    const execution = await generate({ matchIds: ids, agentId: redAgentId });
    const result = await execution.result();

    expect(result.validation).toMatchObject({
      trainFor: "red",
      leftOutMatches: { unknown: 2, unfinished: 1, evaluation_only: 1, other_agent: 4 },
      unknownMatchIds: ["AR-1999-0001", "../agents"],
    });
    expect(result.matchIds).toEqual([matchIds[0], matchIds[3]]);
  });

  it("finds matches by date and severity, the newest first", async () => {
    const clock = { now: Date.parse("2026-03-01T12:00:00Z") };
    await using dated = await createFlowWorld(
      line,
      "dataset.dated",
      { timeScale: 0, now: () => clock.now },
      { ...knobs, scrub: false },
    );
    const ids: string[] = [];
    for (let day = 0; day < 12; day += 1) {
      ids.push(...(await playMatches(dated.arena, { mode: "quick" })));
      clock.now += 86_400_000;
    }

    const [execution, severe] = await Promise.all([
      dated.client.generateDataset({
        dateRangeStart: "2026-03-03T12:00:00+00:00",
        dateRangeEnd: new Date("2026-03-10T11:59:59.999Z"),
        minSeverity: 0,
        maxMatches: 5,
      }),
      dated.client.generateDataset({ minSeverity: 10 }),
    ]);
    const { matchIds: found, validation } = await execution.result();

    // The third to the ninth fit, and the five newest of these are taken.
    expect(found).toEqual(ids.slice(4, 9).toReversed());
    expect(validation.leftOutMatches).toMatchObject({ beyond_max_matches: 2 });
    expect(validation.replaced).toEqual({});
    expect(validation.notes).toEqual([expect.stringContaining("were left in the texts")]);
    expect((await severe.result()).validation.leftOutMatches).toEqual({ below_severity: 12 });
  });

  it("answers with an empty dataset and the reason when nothing fits", async () => {
    const execution = await generate({ matchIds: ["AR-1999-0001"], format: "json" });
    const result = await execution.result();

    expect(result).toMatchObject({ rowCount: 0, matchCount: 0, matchIds: [] });
    expect(result.validation.notes.join(" ")).toContain("No match fits: 1 unknown.");
    expect(await (await execution.download(result.datasetFile)).json()).toEqual([]);
  });

  it("makes an empty file, too, out of an arena without matches", async () => {
    await using bare = await createFlowWorld(line, "dataset.bare");
    const execution = await bare.client.generateDataset();
    const result = await execution.result();

    expect(result.validation.notes).toEqual(["No match fits: the arena has none."]);
    expect(await (await execution.download(result.datasetFile)).text()).toBe("");
  });

  it("says in words what is wrong with the inputs", async () => {
    const { redAgentId } = world.pairing();
    const unknown = "00000000-0000-4000-8000-000000000000";

    const [nobody, another] = await Promise.all([
      generate({ agentId: unknown }),
      generate({ agentId: redAgentId, trainFor: "blue" }),
    ]);
    expect(await reasonOf(nobody)).toContain(`Agent ${unknown} does not exist`);
    expect(await reasonOf(another)).toContain(
      `Agent ${redAgentId} is of type red, so its matches cannot train it as blue`,
    );
  });

  it("rides out errors of the arena that go away, and shows no credential", async () => {
    world.arena.setFaults({
      routes: (
        ["GET /api/agents", "GET /api/matches/:id", "GET /api/matches/:id/transcript"] as const
      ).map((route) => ({ route, kind: "status", status: 500, first: 1 })),
    });

    const execution = await generate({});

    const { matchCount, datasetFile } = await execution.result();
    expect(matchCount).toBe(14);
    const text = await everythingAbout(world, execution.id);
    expect(text).toContain(datasetFile);
    expect(text).not.toContain(arenaApiKey);
    expect(await (await execution.download(datasetFile)).text()).not.toContain(arenaApiKey);
  });

  it("fails in words when the arena keeps failing, or is not there", async () => {
    world.arena.setFaults({
      routes: [
        { route: "GET /api/matches/:id", kind: "status", status: 500 },
        { route: "GET /api/matches", kind: "wrong-shape" },
      ],
    });
    const [failing, odd] = await Promise.all([generate({}), world.client.generateDataset()]);
    expect(await reasonOf(failing)).toMatch(/The matches could not be read: .*status 500/);
    expect(await reasonOf(odd)).toContain(
      "The matches could not be read: the answer is no list of matches",
    );
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      expect(await reasonOf(await generate({}))).toContain(address);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("gives up on an answer that does not come, and asks again", async () => {
    await using slow = await createFlowWorld(
      line,
      "dataset.slow",
      { timeScale: 0 },
      { read_timeout: "PT1S" },
    );
    await playMatches(slow.arena, { count: 2 });
    slow.arena.setFaults({
      routes: (["GET /api/matches", "GET /api/matches/:id/transcript"] as const).map((route) => ({
        route,
        kind: "slow",
        delayMs: 600_000,
        first: 1,
      })),
    });

    const execution = await slow.client.generateDataset({ minSeverity: 0 });

    expect((await execution.result()).matchCount).toBe(2);
  });

  it("ends as KILLED when it is killed while it reads", async () => {
    await using killed = await createFlowWorld(line, "dataset.killed", { timeScale: 0 }, knobs);
    await playMatches(killed.arena, { count: 8 });
    killed.arena.setFaults({
      routes: [{ route: "GET /api/matches/:id/transcript", kind: "slow", delayMs: 5_000 }],
    });
    const execution = await killed.client.generateDataset({ minSeverity: 0 });
    await vi.waitFor(
      () => expect(killed.arena.requests["GET /api/matches/:id/transcript"]).toBeGreaterThan(0),
      { timeout: 60_000 },
    );

    expect(await execution.cancel()).toMatchObject({ hasEnded: true, state: "KILLED" });
  });

  it("reads a hundred matches", async () => {
    await using big = await createFlowWorld(line, "dataset.big", { timeScale: 0 });
    await playMatches(big.arena, { count: 100 });

    const execution = await big.client.generateDataset({ trainFor: "blue", minSeverity: 0 });
    const result = await execution.result();

    expect(result.matchCount).toBe(100);
    expect(await rowsOf(execution, result)).toHaveLength(result.rowCount);
    expectToAddUp(result, 2_000);
  });
});
