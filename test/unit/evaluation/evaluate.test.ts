import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArenaError } from "../../../src/errors.ts";
import type { AgentInfo } from "../../../src/evaluation/agents.ts";
import { type EvaluateOptions, evaluate } from "../../../src/evaluation/run/evaluate.ts";
import { analyzeBatch } from "../../../src/evaluation/run/evaluation-batch.ts";
import type { EvaluationProgress } from "../../../src/evaluation/run/recorder.ts";
import { expectWhole, fast, matrix, mortalJournal } from "./evaluate-support.ts";
import { FakeKestra } from "./fake-kestra.ts";

describe("evaluate", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "arena-journal-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("plays every match once, by one batch, and gives a row for each", async () => {
    const world = new FakeKestra();
    const batch = await evaluate(world.client(), matrix, fast);
    expectWhole(world, batch.rows);
    expect(batch).toMatchObject({ isComplete: true, reused: 0, editedAgents: [] });
    expect(world.batches).toHaveLength(1);
    expect(batch.provenance).toMatchObject({ kestraVersion: "2.0.0", executionId: "batch-1" });
  });

  it("tells of each match as it ends", async () => {
    const told: EvaluationProgress[] = [];
    await evaluate(new FakeKestra().client(), matrix, {
      ...fast,
      onProgress: (progress) => told.push(progress),
    });
    expect(told[0]).toEqual({ done: 0, failed: 0, total: 12 });
    expect(told.at(-1)).toMatchObject({ done: 12, failed: 0, total: 12 });
    expect(told[1]?.row?.state).toBe("SUCCESS");
  });

  it("notes a line a match in its file, and plays nothing when all is there", async () => {
    const journal = join(folder, "whole.jsonl");
    const world = new FakeKestra();
    const first = await evaluate(world.client(), matrix, { ...fast, journal });
    const lines = (await readFile(journal, "utf8")).trim().split("\n");
    const kinds = new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind));
    expect([...kinds]).toEqual([
      ...["journal", "matrix", "batch", "execution", "row", "ended", "provenance"],
    ]);
    const again = await evaluate(world.client(), matrix, { ...fast, journal });
    expect(again.rows).toEqual(first.rows);
    expect(again.reused).toBe(12);
    expect(world.batches).toHaveLength(1);
  });

  it("plays only the matches that a larger matrix adds", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    await evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store) });
    const larger = { ...matrix, matchesPerCombination: 4 };
    const batch = await evaluate(world.client(), larger, {
      ...fast,
      journal: mortalJournal(store),
    });
    expect(batch.rows).toHaveLength(16);
    expect(world.matches).toHaveLength(16);
  });

  it("plays again what an edited agent played, and nothing else", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    const agents: AgentInfo[] = [{ id: "r1", type: "red", version: "1" }];
    const run = (own: AgentInfo[]) =>
      evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store), agents: own });
    await run(agents);
    const batch = await run([{ id: "r1", type: "red", version: "2" }]);
    expect(batch.reused).toBe(6);
    expect(world.matches).toHaveLength(18);
  });

  it("notices an agent that is edited while the batch is played", async () => {
    let version = 0;
    const agents = async (): Promise<AgentInfo[]> => {
      version += 1;
      return [{ id: "b1", type: "blue", name: "Bastion", version: String(version) }];
    };
    const batch = await evaluate(new FakeKestra().client(), matrix, { ...fast, agents });
    expect(batch.editedAgents).toEqual([
      { agentId: "b1", name: "Bastion", what: "version", baseline: "1", candidate: "2" },
    ]);
    expect(analyzeBatch(batch).provenance.notes?.[0]).toMatch(/version of Bastion was edited/);
  });

  it("gives the rows though the arena is gone by the end, and says what is not known", async () => {
    let reads = 0;
    const agents = async (): Promise<AgentInfo[]> => {
      reads += 1;
      if (reads > 1) throw new ArenaError("connection", "The arena did not answer.");
      return [{ id: "b1", type: "blue" }];
    };
    const batch = await evaluate(new FakeKestra().client(), matrix, { ...fast, agents });
    expect(batch).toMatchObject({ isComplete: true, editedAgents: [] });
    expect(batch.provenance.notes).toEqual([
      "Whether an agent was edited meanwhile is not known: The arena did not answer.",
    ]);
  });

  it("tells of the batch that it starts, and of the one that it takes up", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    const told: unknown[] = [];
    const abort = new AbortController();
    const run = (options: EvaluateOptions) =>
      evaluate(world.client(), matrix, {
        ...fast,
        ...options,
        journal: mortalJournal(store),
        onBatch: (batch) => told.push(batch),
      });
    const onProgress = () => {
      if (told.length > 0) abort.abort(new Error("enough"));
    };
    await expect(run({ signal: abort.signal, onProgress })).rejects.toThrow("enough");
    await run({});
    const batch = { executionId: "batch-1", url: "http://kestra.invalid/batch-1" };
    expect(told).toEqual([
      { ...batch, isResumed: false },
      { ...batch, isResumed: true },
    ]);
  });

  it("gives a failed match as a row with its reason, and plays it at the next call", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    world.failures.set(JSON.stringify(["r1", "b1", "t1"]), 2);
    const run = () => evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store) });
    const first = await run();
    expect(first.isComplete).toBe(false);
    const lost = first.rows.filter(({ metrics }) => metrics === undefined);
    expect(lost.map(({ reason }) => reason)).toEqual(Array(2).fill("the arena did not answer"));
    const second = await run();
    expect(second.isComplete).toBe(true);
    expectWhole(world, second.rows);
    expect(world.matches).toHaveLength(14);
  });

  it("joins the batch whose start was answered to nobody", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    world.lostAnswers = 1;
    const run = () => evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store) });
    await expect(run()).rejects.toThrow("the answer was lost");
    const batch = await run();
    expectWhole(world, batch.rows);
    expect(world.batches).toHaveLength(1);
  });

  it("leaves the batch running when it is aborted, and takes it up again", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    const abort = new AbortController();
    const run = (options: EvaluateOptions = {}) =>
      evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store), ...options });
    const onProgress = ({ done }: EvaluationProgress) => {
      if (done === 4) abort.abort(new Error("enough for today"));
    };
    await expect(run({ signal: abort.signal, onProgress })).rejects.toThrow("enough for today");
    expect(world.batches[0]?.state).not.toBe("KILLED");
    expectWhole(world, (await run()).rows);
    expect(world.batches).toHaveLength(1);
  });

  it("kills the batch when it is aborted and told to", async () => {
    const world = new FakeKestra();
    const abort = new AbortController();
    const run = evaluate(world.client(), matrix, {
      ...fast,
      signal: abort.signal,
      onAbort: "cancel",
      onProgress: ({ done }) => {
        if (done === 2) abort.abort(new Error("stop"));
      },
    });
    await expect(run).rejects.toThrow("stop");
    expect(world.batches[0]?.state).toBe("KILLED");
  });

  it("refuses a file that is no journal, and a matrix that is none", async () => {
    const journal = join(folder, "other.txt");
    const client = new FakeKestra().client();
    for (const text of ["dear diary,\ntoday\n", "one line", '[{"state":"SUCCESS"}]']) {
      await writeFile(journal, text);
      await expect(evaluate(client, matrix, { journal })).rejects.toThrow(/journal: is no journal/);
      expect(await readFile(journal, "utf8")).toBe(text);
    }
    await expect(evaluate(client, { combinations: [] })).rejects.toThrow(/list at least one/);
  });

  it("shows itself as its analysis does", async () => {
    const batch = await evaluate(new FakeKestra().client(), matrix, fast);
    expect(inspect(batch)).toContain("40.0 % of 60 decided attacks got through");
    expect(batch.toHTML()).toContain("<table>");
  });
});
