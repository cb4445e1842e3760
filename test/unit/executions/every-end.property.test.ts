import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Execution, isArenaError } from "../../../src/index.ts";
import type { Fault, Route } from "../../../src/testing/server/faults.ts";
import {
  type Life,
  neverEnds,
  retriesFlow,
  retriesTask,
  succeedsAfter,
} from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

/** How an execution goes, how it ends, and when. */
interface Plot {
  life: Life;
  retry?: { afterMs: number; life: Life };
  state: string;
  endsMs: number;
}

const endingPlots: fc.Arbitrary<Plot> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        endsMs: fc.integer({ min: 20, max: 20_000 }),
        state: fc.constantFrom("SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "SKIPPED"),
      })
      .map(({ endsMs, state }) => ({ life: succeedsAfter(endsMs, state), state, endsMs })),
  },
  fc
    .record({
      times: fc.integer({ min: 1, max: 3 }),
      eachMs: fc.integer({ min: 200, max: 4_000 }),
      state: fc.constantFrom("SUCCESS", "FAILED"),
    })
    .map(({ times, eachMs, state }) => ({
      life: retriesTask(times, eachMs, state),
      state,
      endsMs: (times + 1) * eachMs,
    })),
  fc
    .record({
      endsMs: fc.integer({ min: 20, max: 5_000 }),
      afterMs: fc.integer({ min: 500, max: 5_000 }),
      againMs: fc.integer({ min: 20, max: 5_000 }),
      state: fc.constantFrom("SUCCESS", "FAILED"),
    })
    .map(({ endsMs, afterMs, againMs, state }) => ({
      life: retriesFlow(endsMs),
      retry: { afterMs, life: succeedsAfter(againMs, state) },
      state,
      endsMs: endsMs + 5 + afterMs + againMs,
    })),
  fc
    .record({
      pausedMs: fc.integer({ min: 20, max: 8_000 }),
      endsMs: fc.integer({ min: 8_000, max: 16_000 }),
      middle: fc.constantFrom("PAUSED", "BREAKPOINT", "HIBERNATING", "QUEUED"),
    })
    .map(({ pausedMs, endsMs, middle }) => ({
      life: [
        { state: "RUNNING", atMs: 10 },
        { state: middle, atMs: pausedMs },
        { state: "RUNNING", atMs: endsMs - 100 },
        { state: "SUCCESS", atMs: endsMs },
      ],
      state: "SUCCESS",
      endsMs,
    })),
);

/** One in a dozen runs for ever. */
const plots: fc.Arbitrary<Plot> = fc.oneof(
  { weight: 11, arbitrary: endingPlots },
  fc.constant({ life: neverEnds, state: "", endsMs: Number.POSITIVE_INFINITY }),
);

const readFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("reset"), when: fc.constantFrom("before", "after", "body") }),
  fc.record({
    kind: fc.constant("answer"),
    status: fc.constantFrom(408, 429, 500, 502, 503, 504),
    headers: fc.constantFrom({}, { "retry-after": "2" }),
  }),
  fc.record({ kind: fc.constant("delay"), delayMs: fc.integer({ min: 1, max: 12_000 }) }),
  fc.record({ kind: fc.constant("hang") }),
) as fc.Arbitrary<Fault>;

/** All but a server that answers nothing at all: that costs a call's whole time. */
const outputsFault = readFault.filter(({ kind }) => kind !== "hang");

const streamFault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("stream"),
      how: fc.constantFrom(
        "silent",
        "stalls",
        "ends-early",
        "breaks",
        "garbage",
        "half-frame",
        "repeats",
        "foreign",
        "backwards",
        "page",
      ),
    }),
  },
  readFault,
) as fc.Arbitrary<Fault>;

const some = (fault: fc.Arbitrary<Fault>, maxLength: number) =>
  fc.array(fc.option(fault, { nil: undefined, freq: 2 }), { maxLength });

const schedules = fc.record({
  line: fc.constantFrom("1.3", "2"),
  plots: fc.oneof(
    { weight: 3, arbitrary: fc.array(plots, { minLength: 1, maxLength: 4 }) },
    fc.array(endingPlots, { minLength: 30, maxLength: 45 }),
  ),
  how: fc.constantFrom("results", "settle", "states"),
  maxStreams: fc.constantFrom(0, 2, 32),
  isAttached: fc.boolean(),
  timeoutMs: fc.constantFrom(2_000, 9_000, 150_000),
  get: some(readFault, 6),
  search: some(readFault, 6),
  follow: some(streamFault, 8),
  outputs: some(outputsFault, 3),
  logs: some(readFault, 2),
  lags: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 6 }),
  unreadableMs: fc.constantFrom(0, 400),
  endDelayMs: fc.constantFrom(0, 1_500),
  clockSkewMs: fc.constantFrom(0, -180_000, 180_000),
});

describe("An execution that is waited for", () => {
  it("is told ended when it has and only then, and every wait is over by its deadline", async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        vi.clearAllTimers();
        const queues: Partial<Record<Route, (Fault | undefined)[]>> = {
          get: [...schedule.get],
          search: [...schedule.search],
          follow: [...schedule.follow],
          outputs: [...schedule.outputs],
          logs: [...schedule.logs],
        };
        let hasBegun = false;
        let lag = 0;
        const waiting = [...schedule.plots];
        const kestra = new SimulatedKestra({
          line: schedule.line as "1.3" | "2",
          faults: ({ route }) => (hasBegun ? queues[route]?.shift() : undefined),
          indexLagMs: () => schedule.lags[lag++ % schedule.lags.length] ?? 0,
          // Who attaches by an id is told that it does not exist.
          unreadableMs: schedule.isAttached ? 0 : schedule.unreadableMs,
          endDelayMs: schedule.endDelayMs,
          clockSkewMs: schedule.clockSkewMs,
        });
        const client = clientOf(kestra, { maxStreams: schedule.maxStreams });
        const handles: { plot: Plot; handle: Execution<{ greeting: string }>; endsAt: number }[] =
          [];
        for (const plot of waiting) {
          kestra.define({
            id: "greet",
            outputs: greetOutputs,
            life: plot.life,
            ...(plot.retry && { retry: plot.retry }),
          });
          const started = await runVirtually(client.start(greet, { who: "Ada" }));
          const { createdAt } = kestra.store.find(started.id, kestra.now())?.seed ?? {
            createdAt: 0,
          };
          const handle = schedule.isAttached ? client.executions.get(greet, started.id) : started;
          handles.push({ plot, handle, endsAt: createdAt + plot.endsMs });
        }
        hasBegun = true;
        const begunAt = performance.now();
        const { timeoutMs } = schedule;
        const check = (index: number, state: string) => {
          const { plot, endsAt } = handles[index] ?? handles[0]!;
          expect(state).toBe(plot.state);
          expect(kestra.now()).toBeGreaterThanOrEqual(endsAt);
        };
        const checkError = (error: unknown, index: number) => {
          const { plot, endsAt } = handles[index] ?? handles[0]!;
          if (isArenaError(error, "wait_timeout")) {
            const waitedMs = performance.now() - begunAt;
            expect(waitedMs).toBeGreaterThanOrEqual(timeoutMs - 1);
            expect(waitedMs).toBeLessThan(timeoutMs + 50);
            // An end is not missed for long, whatever goes wrong.
            if (timeoutMs === 150_000) expect(endsAt).toBe(Number.POSITIVE_INFINITY);
            return;
          }
          if (isArenaError(error, "execution_failed") || isArenaError(error, "execution_killed")) {
            check(index, error.execution.state);
            expect(["SUCCESS", "WARNING"]).not.toContain(plot.state);
            return;
          }
          throw error;
        };
        if (schedule.how === "states") {
          const abort = new AbortController();
          const timer = setTimeout(() => abort.abort(new Error("enough")), timeoutMs);
          const all = handles.map(async ({ handle, plot }, index) => {
            const seen: string[] = [];
            try {
              for await (const { current, isLast } of handle.states({ signal: abort.signal })) {
                seen.push(current);
                if (isLast) check(index, current);
              }
              const expected = ["CREATED", ...plot.life.map(({ state }) => state)];
              if (plot.retry)
                expected.push("CREATED", ...plot.retry.life.map(({ state }) => state));
              expect(seen).toEqual(expected);
            } catch (error) {
              if (error !== abort.signal.reason) throw error;
              if (timeoutMs === 150_000) expect(plot.endsMs).toBe(Number.POSITIVE_INFINITY);
            }
          });
          await runVirtually(Promise.all(all), 250_000);
          clearTimeout(timer);
        } else if (schedule.how === "settle") {
          const settled = await runVirtually(
            client.executions.settle(
              handles.map(({ handle }) => handle),
              { timeoutMs },
            ),
            250_000,
          );
          for (const [index, outcome] of settled.entries()) {
            if (outcome.ok)
              expect(outcome).toMatchObject({
                state: handles[index]?.plot.state,
                result: { greeting: "hello Ada" },
              });
            else if (isArenaError(outcome.error, "wait_timeout")) {
              if (timeoutMs === 150_000)
                expect(handles[index]?.endsAt).toBe(Number.POSITIVE_INFINITY);
            } else check(index, outcome.state);
          }
        } else {
          const all = handles.map(async ({ handle }, index) => {
            try {
              const result = await handle.result({ timeoutMs });
              expect(result).toEqual({ greeting: "hello Ada" });
              expect(["SUCCESS", "WARNING"]).toContain(handles[index]?.plot.state);
              expect(kestra.now()).toBeGreaterThanOrEqual(handles[index]?.endsAt ?? 0);
            } catch (error) {
              checkError(error, index);
            }
          });
          await runVirtually(Promise.all(all), 250_000);
        }
        checked += handles.length;
        await passVirtually(1);
        expect(vi.getTimerCount()).toBe(0);
        expect(kestra.openRequests).toBe(0);
        expect(kestra.openStreams).toBe(0);
      }),
      { numRuns: propertyRuns },
    );
    console.info(`${checked} executions in ${propertyRuns} schedules`);
  }, 1_000_000);
});
