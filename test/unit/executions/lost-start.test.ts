import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isArenaError } from "../../../src/index.ts";
import type { Fault, Route } from "../../../src/testing/server/faults.ts";
import { neverEnds } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["1.3", "2"] as const)("A start without a key on %s", (line) => {
  /** A server whose routes go wrong so. */
  function scene(faults: Partial<Record<Route, Fault>>) {
    const kestra = new SimulatedKestra({
      line,
      flows: [{ id: "greet", life: neverEnds }],
      faults: ({ route }) => faults[route],
    });
    const start = () => runVirtually(clientOf(kestra, { line }).start(greet, { who: "Ada" }));
    const unknown = async () => {
      const error: unknown = await start().catch((thrown: unknown) => thrown);
      if (!isArenaError(error, "start_unknown")) throw error;
      return error;
    };
    const created = () => kestra.store.existing(kestra.now());
    return { kestra, start, unknown, created };
  }

  it("that turns up later is given to whoever asks again", async () => {
    const { unknown, created } = scene({ create: { kind: "late", doneMs: 20_000 } });
    const error = await unknown();
    await passVirtually(20_000);
    expect(await runVirtually(error.reconcile())).toMatchObject({
      id: created()[0]?.id,
      started: "existing",
    });
  });

  it("stays unknown while Kestra cannot be asked, which is no sign that it is not there", async () => {
    const reset = { kind: "reset", when: "before" } as const;
    const { unknown } = scene({ create: reset, search: reset });
    const error = await unknown();
    await expect(runVirtually(error.reconcile())).rejects.toMatchObject({ code: "connection" });
  });

  it("stays unknown where the search for it hangs, and says of what the start died", async () => {
    const { unknown } = scene({
      create: { kind: "answer", status: 504 },
      search: { kind: "hang" },
    });
    const error = await unknown();
    expect(error.message).toContain("answered 504");
    await expect(runVirtually(error.reconcile())).rejects.toThrow("no time to look for it");
  });

  it("is not looked for on and on by whom Kestra refuses", async () => {
    const { kestra, start } = scene({
      create: { kind: "answer", status: 504 },
      search: { kind: "answer", status: 401 },
    });
    await expect(start()).rejects.toMatchObject({ code: "authentication" });
    expect(kestra.traffic.byRoute.search).toBe(1);
  });

  /** The first is turned away but done all the same, and shows only once it was sent again. */
  function doneThoughTurnedAway() {
    const { kestra, start, created } = scene({});
    const refusal: Fault = {
      kind: "answer",
      status: 429,
      isDone: true,
      headers: { "retry-after": "1" },
    };
    let creates = 0;
    kestra.options.indexLagMs = () => (creates < 2 ? Number.POSITIVE_INFINITY : 0);
    kestra.options.faults = ({ route }) => {
      if (route !== "create") return undefined;
      creates += 1;
      return creates === 1 ? refusal : undefined;
    };
    const states = () => created().map((execution) => execution.stateAt(kestra.now()));
    return { kestra, start, created, states };
  }

  it("leaves one where it was done although it was turned away", async () => {
    const { start, states, created } = doneThoughTurnedAway();
    expect((await start()).id).toBe(created()[0]?.id);
    expect(states()).toEqual(["RUNNING", "KILLED"]);
  });

  it("gives its own, killed, where somebody kills the other one as well", async () => {
    const { kestra, start, states, created } = doneThoughTurnedAway();
    const { faults } = kestra.options;
    kestra.options.faults = (request) => {
      const [first] = created();
      if (request.route === "kill") first?.turn(kestra.now(), [{ state: "KILLED", atMs: 0 }]);
      return faults?.(request);
    };
    expect((await start()).id).toBe(created()[1]?.id);
    expect(states()).toEqual(["KILLED", "KILLED"]);
  });
});
