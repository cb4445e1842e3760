import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Execution, isArenaError, type StartOptions } from "../../../src/index.ts";
import type { Fault, Route } from "../../../src/testing/server/faults.ts";
import {
  type Life,
  neverEnds,
  retriesFlow,
  succeedsAfter,
} from "../../../src/testing/server/life.ts";
import type { SimulatedKestraOptions } from "../../../src/testing/server/options.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const key = "nightly";

describe.each(["1.3", "2"] as const)("A start with a key on %s", (line) => {
  function scene(options: SimulatedKestraOptions = {}) {
    const flow = { id: "greet", life: neverEnds as Life, outputs: greetOutputs };
    const kestra = new SimulatedKestra({ line, flows: [flow], ...options });
    const begin = (more: StartOptions = {}) =>
      clientOf(kestra, { line }).start(greet, { who: "Ada" }, { key, ...more });
    const start = (more: StartOptions = {}) => runVirtually(begin(more));
    const failure = (more: StartOptions = {}) =>
      runVirtually(
        begin(more).then(
          () => expect.unreachable(),
          (error: unknown) => error,
        ),
      );
    /** What another process starts with the same key, that long ago. */
    const rival = (agoMs = 0, life: Life = neverEnds) =>
      kestra.store.create({
        namespace: "test",
        flow: { ...flow, life },
        inputs: {},
        labels: [{ key: "arena.key", value: key }],
        now: kestra.now() - agoMs,
        nodeSkewMs: 0,
      });
    const states = () =>
      kestra.store.existing(kestra.now()).map((execution) => execution.stateAt(kestra.now()));
    /** Does something at each answered request of a route. */
    const at = (route: Route, act: (time: number) => Fault | undefined) => {
      let time = 0;
      kestra.options.faults = (request) => {
        if (request.route !== route) return undefined;
        time += 1;
        return act(time);
      };
    };
    return { kestra, flow, start, begin, failure, rival, states, at };
  }

  it("fails where it was told to when there is one, and says which", async () => {
    const { start, failure, kestra } = scene();
    const { id } = await start();
    const error = await failure({ onExisting: "fail" });
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(String(error)).toContain(`"nightly" already: ${id}, RUNNING`);
    expect(kestra.traffic.byRoute.create).toBe(1);
  });

  it.each([
    ["join", "existing"],
    ["joinIfLive", "new"],
    ["new", "new"],
  ] as const)(
    "after one that succeeded: %s gives an execution that is %s",
    async (onExisting, started) => {
      const { start, kestra } = scene();
      kestra.define({ id: "greet", life: succeedsAfter(100), outputs: greetOutputs });
      await start();
      await passVirtually(1_000);
      expect((await start({ onExisting })).started).toBe(started);
    },
  );

  it("waits for one that has just failed, which may be about to be tried again", async () => {
    const { start, rival, states } = scene();
    rival(1_000, succeedsAfter(500, "FAILED"));
    const startedAt = Date.now();
    expect((await start()).started).toBe("new");
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
    expect(states()).toEqual(["FAILED", "RUNNING"]);
  });

  it("joins one that a flow's own retry will carry on, and then what carries on", async () => {
    const { start, kestra } = scene();
    const retry = { afterMs: 60_000, life: neverEnds };
    kestra.define({ id: "greet", life: retriesFlow(1_000), retry });
    const { id } = await start();
    await passVirtually(10_000);
    expect(await start()).toMatchObject({ id, started: "existing" });
    await passVirtually(60_000);
    const carriesOn = await start();
    expect(carriesOn.started).toBe("existing");
    expect(carriesOn.id).not.toBe(id);
  });

  it("is one execution with another at the same moment: the later one is killed", async () => {
    const { kestra, begin, states } = scene();
    const [one, two] = await runVirtually(Promise.all([begin(), begin()]));
    expect(two.id).toBe(one.id);
    expect([one.started, two.started].sort()).toEqual(["existing", "new"]);
    expect(states().sort()).toEqual(["KILLED", "RUNNING"]);
    expect(kestra.traffic.byRoute.kill).toBe(1);
  });

  it("gives way in the end to a later one whose owner is gone", async () => {
    const { kestra, at, rival, start, states } = scene();
    let later: { id: string } | undefined;
    at("search", (time) => {
      // After it has looked, and before it looks again.
      if (time === 2) later = rival(-10);
      return undefined;
    });
    const startedAt = Date.now();
    expect(await start()).toMatchObject({ id: later?.id, started: "existing" });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(15_000);
    expect(states()).toEqual(["KILLED", "RUNNING"]);
    expect(kestra.traffic.byRoute.kill).toBe(1);
  });

  it("kills its own until that is heard", async () => {
    const { kestra, at, rival, start, states } = scene();
    at("create", () => {
      rival(10);
      return undefined;
    });
    let refusals = 2;
    const { faults } = kestra.options;
    kestra.options.faults = (request) => {
      if (request.route !== "kill" || refusals === 0) return faults?.(request);
      refusals -= 1;
      return { kind: "answer", status: 503 };
    };
    expect((await start()).started).toBe("existing");
    expect(states()).toEqual(["RUNNING", "KILLED"]);
  });

  it("starts another where the one that it gave way to was killed in its turn", async () => {
    const { kestra, at, rival, start, states } = scene();
    const rivals: ReturnType<typeof rival>[] = [];
    at("create", (time) => {
      if (time === 1) rivals.push(rival(10));
      return undefined;
    });
    const { faults } = kestra.options;
    kestra.options.faults = (request) => {
      if (request.route === "kill") rivals[0]?.turn(kestra.now(), [{ state: "KILLED", atMs: 5 }]);
      return faults?.(request);
    };
    expect((await start()).started).toBe("new");
    expect(states()).toEqual(["KILLED", "KILLED", "RUNNING"]);
  });

  it("gives up where that happens again and again, and nothing runs", async () => {
    const { kestra, rival, failure, states } = scene();
    let last: ReturnType<typeof rival> | undefined;
    kestra.options.faults = ({ route }) => {
      if (route === "create") last = rival(10);
      if (route === "kill") last?.turn(kestra.now(), [{ state: "KILLED", atMs: 5 }]);
      return undefined;
    };
    const error = await failure();
    expect(error).toMatchObject({ code: "conflict" });
    expect(String(error)).toContain("gave way to each other, 3 times in a row");
    expect(states().every((state) => state === "KILLED")).toBe(true);
  });

  it("keeps its own that somebody killed meanwhile: nobody else has the key", async () => {
    const { kestra, at, start } = scene();
    at("search", (time) => {
      const [own] = kestra.store.existing(kestra.now());
      if (time === 2) own?.turn(kestra.now(), [{ state: "KILLED", atMs: 0 }]);
      return undefined;
    });
    const execution = await start();
    expect(execution.started).toBe("new");
    expect((await runVirtually(execution.get())).state.current).toBe("KILLED");
  });

  it("says that it was started but not settled where the index does not show it, and settles it later", async () => {
    const { kestra, failure } = scene({ indexLagMs: Number.POSITIVE_INFINITY });
    const error = await failure();
    if (!isArenaError(error, "start_unknown")) throw error;
    expect(error.message).toContain("did not appear among those with its label");
    kestra.options.indexLagMs = 0;
    const settled = (await runVirtually(error.reconcile())) as Execution<unknown>;
    expect(settled.id).toBe(kestra.store.existing(kestra.now())[0]?.id);
    expect(settled.started).toBe("existing");
  });

  it("says the same where it may not kill its own", async () => {
    const { kestra, rival, failure } = scene();
    kestra.options.faults = ({ route }) => {
      if (route === "create") rival(10);
      return route === "kill" ? { kind: "answer", status: 403 } : undefined;
    };
    expect(await failure()).toMatchObject({
      code: "start_unknown",
      cause: { code: "authentication" },
    });
  });

  it("says that nothing was started where it could not even be looked for", async () => {
    const { kestra, failure } = scene({
      faults: ({ route }) => (route === "search" ? { kind: "hang" } : undefined),
    });
    const error = await failure({ timeoutMs: 5_000 });
    expect(error).toMatchObject({ code: "connection", isTimeout: true });
    expect(String(error)).toContain("within 5000 ms whether test.greet has an execution");
    expect(kestra.store.existing(kestra.now())).toEqual([]);
  });

  it("that was lost and not found is settled once it turns up", async () => {
    const { kestra, failure } = scene();
    kestra.options.faults = ({ route }) =>
      route === "create" ? { kind: "late", doneMs: 20_000 } : undefined;
    const error = await failure();
    if (!isArenaError(error, "start_unknown")) throw error;
    expect(await runVirtually(error.reconcile())).toBeUndefined();
    await passVirtually(20_000);
    const [own] = kestra.store.existing(kestra.now());
    expect(await runVirtually(error.reconcile())).toMatchObject({ id: own?.id });
  });
});
