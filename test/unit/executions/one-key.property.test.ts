import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Execution, isArenaError } from "../../../src/index.ts";
import type { Fault, Route } from "../../../src/testing/server/faults.ts";
import { neverEnds } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { clientOf, greet } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const lost: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("reset"), when: fc.constantFrom("before", "after", "body") }),
  fc.record({
    kind: fc.constant("answer"),
    status: fc.constantFrom(500, 502, 503, 504),
    isDone: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("answer"),
    status: fc.constantFrom(429, 503),
    headers: fc.constant({ "retry-after": "1" }),
  }),
  fc.record({ kind: fc.constant("delay"), delayMs: fc.integer({ min: 1, max: 3_000 }) }),
  fc.record({ kind: fc.constant("late"), doneMs: fc.integer({ min: 1, max: 3_000 }) }),
) as fc.Arbitrary<Fault>;

const passing: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("reset"), when: fc.constantFrom("before", "after", "body") }),
  fc.record({ kind: fc.constant("answer"), status: fc.constantFrom(429, 500, 502, 503) }),
  fc.record({ kind: fc.constant("delay"), delayMs: fc.integer({ min: 1, max: 3_000 }) }),
) as fc.Arbitrary<Fault>;

/** Nothing goes wrong most of the time. */
const sometimes = (fault: fc.Arbitrary<Fault>) =>
  fc.array(fc.option(fault, { nil: undefined, freq: 2 }), { maxLength: 6 });

const schedules = fc.record({
  line: fc.constantFrom("1.3", "2"),
  starts: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 2, maxLength: 4 }),
  create: sometimes(lost),
  search: sometimes(passing),
  kill: sometimes(passing),
  latencies: fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 8 }),
  lags: fc.array(fc.integer({ min: 0, max: 186 }), { minLength: 1, maxLength: 8 }),
  skews: fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 4 }),
  clockSkewMs: fc.constantFrom(0, -120_000, 120_000),
});

/** The items one after the other, and then again. */
function cycle<Item>(items: readonly Item[]): () => Item {
  let index = -1;
  return () => {
    index += 1;
    return items[index % items.length] as Item;
  };
}

describe("Starts with one key", () => {
  it("leave one live execution, which all callers hold, whatever is lost, late or turned away", async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        vi.clearAllTimers();
        const queues: Partial<Record<Route, (Fault | undefined)[]>> = {
          create: [...schedule.create],
          search: [...schedule.search],
          kill: [...schedule.kill],
        };
        const kestra = new SimulatedKestra({
          line: schedule.line as "1.3" | "2",
          flows: [{ id: "greet", life: neverEnds }],
          faults: ({ route }) => queues[route]?.shift(),
          latencyMs: cycle(schedule.latencies),
          indexLagMs: cycle(schedule.lags),
          nodeSkewMs: cycle(schedule.skews),
          clockSkewMs: schedule.clockSkewMs,
        });
        const held: Execution<unknown>[] = [];
        const errors: unknown[] = [];
        const calls = schedule.starts.map(async (atMs) => {
          await new Promise((resolve) => {
            setTimeout(resolve, atMs);
          });
          const client = clientOf(kestra);
          await client.start(greet, { who: "Ada" }, { key: "nightly" }).then(
            (execution) => held.push(execution),
            (error: unknown) => errors.push(error),
          );
        });
        await runVirtually(Promise.all(calls), 120_000);
        expect(vi.getTimerCount()).toBe(0);
        expect(kestra.openRequests).toBe(0);
        await passVirtually(15_000);
        const now = kestra.now();
        const live = kestra.store
          .existing(now)
          .filter((execution) => !["KILLING", "KILLED"].includes(execution.stateAt(now)));
        for (const error of errors) expect(isArenaError(error), String(error)).toBe(true);
        // A start of which nothing is known may be there or not; then its caller was told so.
        const unknown = errors.filter((error) => isArenaError(error, "start_unknown")).length;
        expect(live.length).toBeLessThanOrEqual(1 + unknown);
        if (unknown === 0) {
          expect(new Set(held.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
          for (const { id } of held) expect(live.map((execution) => execution.id)).toContain(id);
        }
        expect(held.filter(({ started }) => started === "new").length).toBeLessThanOrEqual(1);
      }),
      { numRuns: propertyRuns },
    );
  }, 1_000_000);
});
