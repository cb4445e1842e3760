import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/run/evaluate.ts";
import type { BatchInput } from "../../../src/flows/batch-evaluation.ts";
import { expectWhole, fast, matrix, mortalJournal } from "./evaluate-support.ts";
import { FakeKestra } from "./fake-kestra.ts";

const untilItDies = (world: FakeKestra, store: { text: string }, lines: number) =>
  evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store, lines) }).catch(
    (error: Error) => error,
  );

describe("evaluate after a crash", () => {
  it("kills the second batch of a process that died before it saw the first, and takes up that", async () => {
    const world = new FakeKestra();
    const store = { text: "" };
    const run = () => evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store) });
    world.lostAnswers = 1;
    await expect(run()).rejects.toThrow("the answer was lost");
    world.seesKeys = false;
    const [first] = world.batches;
    await world.client().evaluateBatch(first?.input as BatchInput, { key: first?.key });
    const batch = await run();
    expectWhole(world, batch.rows);
    expect(batch.rows.every(({ executionId }) => Number(executionId?.slice(6)) <= 12)).toBe(true);
    expect(world.batches.map(({ state }) => state)).toEqual(["SUCCESS", "KILLED"]);
  });

  it("gives the rows of an undisturbed batch after its process was killed anywhere", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 18 }), { maxLength: 4 }),
        async (deaths) => {
          const world = new FakeKestra();
          const store = { text: "" };
          for (const lines of deaths) await untilItDies(world, store, lines);
          const batch = await evaluate(world.client(), matrix, {
            ...fast,
            journal: mortalJournal(store),
          });
          expect(batch.isComplete).toBe(true);
          expectWhole(world, batch.rows);
          expect(world.batches).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives them too after Kestra was killed as well, and plays no match twice", {
    timeout: 60_000,
  }, async () => {
    const crash = fc.record({
      failures: fc.integer({ min: 0, max: 3 }),
      lines: fc.integer({ min: 1, max: 18 }),
      forgets: fc.boolean(),
      matchesGoOn: fc.boolean(),
      lanesGoOn: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(crash, { minLength: 1, maxLength: 3 }), async (crashes) => {
        const world = new FakeKestra();
        const store = { text: "" };
        for (const { lines, failures, ...how } of crashes) {
          world.failures.set(JSON.stringify(["r1", "b1", "t1"]), failures);
          await untilItDies(world, store, lines);
          world.crash(how);
        }
        const run = () =>
          evaluate(world.client(), matrix, { ...fast, journal: mortalJournal(store) });
        let batch = await run();
        while (!batch.isComplete) batch = await run();
        expectWhole(world, batch.rows);
      }),
      { numRuns: 150 },
    );
  });
});
