import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Execution, KestraArenaClient } from "../../../src/index.ts";
import { retriesFlow, retriesTask, succeedsAfter } from "../../../src/testing/server/life.ts";
import type { SimulatedKestraOptions } from "../../../src/testing/server/options.ts";
import { greetScene } from "../../support/greet-scene.ts";
import { greet, greetOutputs } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["1.3", "2"] as const)("Watching at the edges on %s", (line) => {
  function scene(options: SimulatedKestraOptions = {}, clientOptions = {}) {
    const greeting = greetScene({ line, ...options }, { maxStreams: 0, ...clientOptions });
    const { arena } = greeting;
    const startMany = (count: number) =>
      runVirtually(
        Promise.all(Array.from({ length: count }, () => arena.start(greet, { who: "Ada" }))),
      );
    const settle = async (handles: readonly Execution<unknown>[], timeoutMs = 120_000) => {
      const settled = await runVirtually(arena.executions.settle(handles, { timeoutMs }));
      return settled.map((outcome) => (outcome.ok ? outcome.state : outcome.error.code));
    };
    return { ...greeting, startMany, settle };
  }

  it("goes on where the index loses the rest of a page between two pages", async () => {
    const { kestra, startMany, settle } = scene();
    const handles = await startMany(60);
    const { fetch } = kestra;
    let lost = 2;
    kestra.fetch = async (input, init) => {
      const query = new URL(String(input)).searchParams;
      if (query.get("page") !== "2" || lost === 0) return fetch(input, init);
      lost -= 1;
      return Response.json({ results: [], total: 0 });
    };
    const states = await settle(handles);
    expect(new Set(states)).toEqual(new Set(["SUCCESS"]));
    expect(lost).toBe(0);
  });

  it("reads none of those that the index shows as live, however long they run", async () => {
    const { kestra, startMany, settle } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(90_000), outputs: greetOutputs });
    const handles = await startMany(4);
    kestra.resetTraffic();
    expect(await settle(handles)).toEqual(Array.from({ length: 4 }, () => "SUCCESS"));
    // On 1.3 the outputs are read by a GET.
    expect(kestra.traffic.byRoute.get ?? 0).toBe(line === "1.3" ? 4 : 0);
  });

  it("reads once a minute what the index shows neither as ended nor as live", async () => {
    const { kestra, startMany, settle } = scene();
    const [lost] = await startMany(1);
    kestra.define({ id: "greet", life: succeedsAfter(90_000), outputs: greetOutputs });
    const others = await startMany(3);
    kestra.hide(lost?.id ?? "", Number.POSITIVE_INFINITY);
    const startedAt = Date.now();
    let foundAfterMs = 0;
    const ended = lost?.ended().then(() => {
      foundAfterMs = Date.now() - startedAt;
    });
    await settle(others);
    await ended;
    expect(foundAfterMs).toBeGreaterThan(50_000);
    expect(foundAfterMs).toBeLessThan(70_000);
  });

  it("tells every state to two at a time, by one stream", async () => {
    const { kestra, startMany } = scene({}, { maxStreams: 32 });
    const [execution] = await startMany(1);
    const follow = async () => {
      const states: string[] = [];
      for await (const { current } of execution?.states() ?? []) states.push(current);
      return states;
    };
    const first = follow();
    await passVirtually(1_000);
    const both = await runVirtually(Promise.all([first, follow()]));
    expect(both).toEqual([
      ["CREATED", "RUNNING", "SUCCESS"],
      ["CREATED", "RUNNING", "SUCCESS"],
    ]);
    expect(kestra.traffic.byRoute.follow).toBe(1);
  });

  it("tells no states of what is not there, or may not be read", async () => {
    const { arena, startMany, fail } = scene();
    const [execution] = await startMany(1);
    const first = (handle: Execution<unknown> | undefined) => runVirtually(handle!.states().next());
    await expect(first(arena.executions.get(greet, "nobody"))).rejects.toMatchObject({
      code: "not_found",
    });
    fail(({ route }) => (route === "get" ? { kind: "answer", status: 403 } : undefined));
    const attached = arena.executions.get(greet, execution?.id ?? "");
    await expect(first(attached)).rejects.toMatchObject({ code: "authentication" });
  });

  it("finds what carries on after flows' retries for many that were attached by their ids", async () => {
    const { kestra, arena, startMany, settle } = scene();
    const retry = { afterMs: 5_000, life: succeedsAfter(2_000) };
    kestra.define({ id: "greet", life: retriesFlow(4_500), retry, outputs: greetOutputs });
    const started = await startMany(4);
    const { fetch } = kestra;
    const [{ id: first }] = started as [Execution<unknown>];
    let reads = 0;
    kestra.fetch = (input, init) => {
      if (String(input).endsWith(`/${first}`)) reads += 1;
      return fetch(input, init);
    };
    const attached = started.map(({ id }) => arena.executions.get(greet, id));
    expect(await settle(attached)).toEqual(Array.from({ length: 4 }, () => "SUCCESS"));
    // At first, and after a search that told no more than its last state.
    expect(reads).toBe(2);
  });

  it("takes no FAILED of a search for the end, as a task's retry passes through it", async () => {
    const { kestra, startMany, settle } = scene();
    kestra.define({ id: "greet", life: retriesTask(2, 3_000), outputs: greetOutputs });
    const handles = await startMany(3);
    kestra.define({ id: "greet", life: succeedsAfter(3_000, "FAILED") });
    handles.push(...(await startMany(1)));
    expect(await settle(handles)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS", "execution_failed"]);
  });

  it("tells who wants every state those of a whole group, of which none has a stream", async () => {
    const { startMany, settle } = scene();
    const [first, ...others] = await startMany(5);
    const states: string[] = [];
    const follow = async () => {
      for await (const { current } of first?.states() ?? []) states.push(current);
    };
    const [settled] = await Promise.all([settle([first!, ...others]), follow()]);
    expect(settled).toEqual(Array.from({ length: 5 }, () => "SUCCESS"));
    expect(states).toEqual(["CREATED", "RUNNING", "SUCCESS"]);
  });

  it.each([
    ["searches for ends", "search", "started"],
    ["reads what it knows nothing of", "get", "attached"],
    ["reads what may have failed", "get", "failed"],
  ] as const)(
    "asks nothing more for callers who gave up, while it %s",
    async (_what, route, how) => {
      const { kestra, arena, startMany, fail } = scene();
      if (how === "failed") kestra.define({ id: "greet", life: succeedsAfter(100, "FAILED") });
      const started = await startMany(12);
      const handles =
        how === "attached" ? started.map(({ id }) => arena.executions.get(greet, id)) : started;
      kestra.resetTraffic();
      fail((request) => (request.route === route ? { kind: "hang" } : undefined));
      const abort = new AbortController();
      const waits = handles.map((handle) => handle.ended({ signal: abort.signal }));
      const settled = Promise.allSettled(waits);
      await passVirtually(2_000);
      abort.abort(new Error("enough"));
      await runVirtually(settled);
      await passVirtually(20_000);
      // Eight are read at a time.
      expect(kestra.traffic.byRoute[route]).toBe(route === "search" ? 1 : 8);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("waits for what was just started and cannot be read yet", async () => {
    const { kestra, startMany, settle } = scene({ unreadableMs: 4_000 });
    const handles = await startMany(1);
    expect(await settle(handles)).toEqual(["SUCCESS"]);
    expect(kestra.traffic.byRoute.get).toBeGreaterThan(2);
  });

  it.each([
    [2, "SUCCESS"],
    [3, "not_found"],
  ])("after %i looks at what was there and is missing says %s", async (misses, outcome) => {
    const { kestra, arena, startMany, settle } = scene();
    const [{ id }] = (await startMany(1)) as [Execution<unknown>];
    const attached = arena.executions.get(greet, id);
    await runVirtually(attached.get());
    const { fetch } = kestra;
    let left = misses;
    kestra.fetch = async (input, init) => {
      if (!String(input).endsWith(`/${id}`) || left === 0) return fetch(input, init);
      left -= 1;
      return new Response(null, { status: 404 });
    };
    expect(await settle([attached])).toEqual([outcome]);
  });

  it("warns of ten streams that are held back as of one, and tries no other for a while", async () => {
    const { kestra, warnings, startMany, fail, settle } = scene({}, { maxStreams: 32 });
    kestra.define({ id: "greet", life: succeedsAfter(12_000), outputs: greetOutputs });
    fail(({ route }) => (route === "follow" ? { kind: "stream", how: "silent" } : undefined));
    expect(new Set(await settle(await startMany(10)))).toEqual(new Set(["SUCCESS"]));
    expect(warnings.map(({ code }) => code)).toEqual(["stream_buffered"]);
    kestra.resetTraffic();
    expect(await settle(await startMany(1))).toEqual(["SUCCESS"]);
    expect(kestra.traffic.byRoute.follow).toBeUndefined();
    await passVirtually(600_000);
    expect(await settle(await startMany(1))).toEqual(["SUCCESS"]);
    expect(kestra.traffic.byRoute.follow).toBe(1);
  });

  it("opens no more streams than it may, and tells every state all the same", async () => {
    const { kestra, startMany } = scene({}, { maxStreams: 2 });
    const handles = await startMany(4);
    let most = 0;
    const follow = async (handle: Execution<unknown>) => {
      const states: string[] = [];
      for await (const { current } of handle.states()) {
        states.push(current);
        most = Math.max(most, kestra.openStreams);
      }
      return states.join(" ");
    };
    const all = await runVirtually(Promise.all(handles.map(follow)));
    expect(new Set(all)).toEqual(new Set(["CREATED RUNNING SUCCESS"]));
    expect(most).toBe(2);
  });
});

describe("A server that tells little", () => {
  /** A client of a server that answers these, one after the other, and the last for ever. */
  function answering(executions: { id: string; state: object }[], maxStreams = 0) {
    let reads = 0;
    const fetch = async (input: string | URL | Request) => {
      if (String(input).includes("/outputs/")) return Response.json({ greeting: "hello" });
      const answer = executions[Math.min(reads, executions.length - 1)];
      reads += 1;
      return Response.json({ namespace: "n", flowId: "greet", ...answer });
    };
    const options = { url: "http://kestra.test", line: "2", maxStreams, fetch } as const;
    return new KestraArenaClient(options).executions.get(greet, "x");
  }
  const bare = (current: string) => ({ id: "x", state: { current } });

  it.each([
    ["polled", 0],
    ["followed by a stream that is none", 1],
  ])("of when and how it came to its state is believed the state, %s", async (_how, maxStreams) => {
    const states = ["CREATED", "RUNNING", "RUNNING", "SUCCESS"].map(bare);
    const handle = answering(states, maxStreams);
    const told: unknown[] = [];
    const follow = async () => {
      for await (const state of handle.states()) told.push(state);
    };
    await runVirtually(follow());
    expect(told).toEqual([
      { current: "CREATED", at: undefined, isLast: false },
      { current: "RUNNING", at: undefined, isLast: false },
      { current: "SUCCESS", at: undefined, isLast: true },
    ]);
    expect(await runVirtually(handle.result())).toEqual({ greeting: "hello" });
  });

  it("and answers another execution is not believed", async () => {
    const handle = answering([{ id: "other", state: { current: "SUCCESS" } }]);
    const error: unknown = await runVirtually(
      handle.ended({ timeoutMs: 5_000 }).catch((caught: unknown) => caught),
    );
    expect(error).toMatchObject({ code: "wait_timeout" });
    expect(String(error)).toContain("Kestra answered execution other for x");
  });
});
