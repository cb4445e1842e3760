import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Execution, isArenaError } from "../../../src/index.ts";
import { neverEnds, succeedsAfter } from "../../../src/testing/server/life.ts";
import type { SimulatedKestraOptions } from "../../../src/testing/server/options.ts";
import { greetScene } from "../../support/greet-scene.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const failure = (promise: Promise<unknown>) =>
  runVirtually(
    promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe.each(["1.3", "2"] as const)("Watching on %s", (line) => {
  function scene(options: SimulatedKestraOptions = {}, clientOptions = {}) {
    const greeting = greetScene({ line, ...options }, clientOptions);
    const startMany = async (count: number) => {
      const handles: Execution<{ greeting: string }>[] = [];
      for (let index = 0; index < count; index += 1) handles.push(await greeting.start());
      return handles;
    };
    return { ...greeting, startMany };
  }

  it.each([401, 403])("ends a wait at once when the stream is answered %i", async (status) => {
    const { start, fail } = scene();
    const execution = await start();
    fail(({ route }) => (route === "follow" ? { kind: "answer", status } : undefined));
    const startedAt = Date.now();
    expect(await failure(execution.result())).toMatchObject({ code: "authentication", status });
    expect(Date.now() - startedAt).toBeLessThan(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([401, 403])("ends all waits at once when the search is answered %i", async (status) => {
    const { arena, startMany, fail } = scene({}, { maxStreams: 0 });
    const handles = await startMany(5);
    fail(({ route }) => (route === "search" ? { kind: "answer", status } : undefined));
    expect(await failure(arena.executions.settle(handles))).toMatchObject({ status });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("reads one by one where the search is refused, and says so", async () => {
    const { arena, startMany, fail, warnings } = scene({}, { maxStreams: 0 });
    const handles = await startMany(5);
    fail(({ route }) => (route === "search" ? { kind: "answer", status: 400 } : undefined));
    const settled = await runVirtually(arena.executions.settle(handles));
    expect(settled.every(({ ok }) => ok)).toBe(true);
    expect(warnings).toMatchObject([{ code: "poll_failing" }]);
  });

  it("sees an end that came before anybody waited for it, while others are watched", async () => {
    const { kestra, arena, startMany } = scene({}, { maxStreams: 0 });
    const [early, ...others] = await startMany(6);
    kestra.define({ id: "greet", life: neverEnds });
    const live = await Promise.all(
      [1, 2, 3].map(() => runVirtually(arena.start(greet, { who: "x" }))),
    );
    const abort = new AbortController();
    const waits = [...others, ...live].map((execution) =>
      execution.result({ signal: abort.signal }).catch(() => {}),
    );
    await passVirtually(10_000);
    const startedAt = Date.now();
    expect(await runVirtually(early?.result() ?? Promise.reject())).toEqual({
      greeting: "hello Ada",
    });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    abort.abort();
    await runVirtually(Promise.all(waits));
  });

  it("reads no history for handles that were attached by their ids", async () => {
    const { kestra, startMany } = scene({}, { maxStreams: 0 });
    await startMany(300);
    // Long ago, by the server's clock.
    vi.setSystemTime(Date.now() + 3_600_000);
    const handles = await startMany(10);
    const other = clientOf(kestra, { line, maxStreams: 0 });
    kestra.resetTraffic();
    const attached = handles.map(({ id }) => other.executions.get(greet, id));
    const settled = await runVirtually(other.executions.settle(attached));
    expect(settled.every(({ ok }) => ok)).toBe(true);
    expect(kestra.traffic.rows).toBeLessThan(60);
  });

  it("finds a row that the index shows late, below newer ones", async () => {
    const { kestra, arena, startMany } = scene({}, { maxStreams: 0 });
    const handles = await startMany(40);
    const [late] = handles;
    const hidden = kestra.store.find(late?.id ?? "", kestra.now());
    kestra.hide(late?.id ?? "", Date.now() + 20_000);
    const settled = await runVirtually(arena.executions.settle(handles, { timeoutMs: 60_000 }));
    expect(settled.every(({ ok }) => ok)).toBe(true);
    expect(hidden?.stateAt(kestra.now())).toBe("SUCCESS");
    expect(kestra.traffic.byRoute.search).toBeLessThan(40);
  });

  it("finds an end that the index has lost for good", async () => {
    const { kestra, arena, startMany } = scene({}, { maxStreams: 0 });
    const handles = await startMany(5);
    kestra.hide(handles[0]?.id ?? "", Number.POSITIVE_INFINITY);
    const settled = await runVirtually(arena.executions.settle(handles, { timeoutMs: 120_000 }));
    expect(settled.every(({ ok }) => ok)).toBe(true);
  });

  it("takes an unknown state as live, and warns of it once", async () => {
    const life = [{ state: "HIBERNATING", atMs: 10 }, ...succeedsAfter(2_000).slice(1)];
    const { kestra, arena, start, warnings } = scene({}, { maxStreams: 0 });
    kestra.define({ id: "greet", life, outputs: greetOutputs });
    const handles = [await start(), await start()];
    await runVirtually(arena.executions.settle(handles));
    expect(warnings).toMatchObject([{ code: "unknown_state" }]);
    expect(warnings[0]?.message).toContain("HIBERNATING");
  });

  it("does not take the old end of a restarted execution for its new one", async () => {
    const { kestra, start } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(100, "FAILED"), outputs: greetOutputs });
    const execution = await start();
    expect(await failure(execution.result())).toMatchObject({ code: "execution_failed" });
    await runVirtually(execution.restart());
    // The next two reads come from a node that has not heard of it.
    let stale = 2;
    const { fetch } = kestra;
    const before = kestra.now() - 200;
    kestra.fetch = (input, init) => {
      const isRead = String(input).endsWith(execution.id) && stale > 0;
      if (!isRead) return fetch(input, init);
      stale -= 1;
      return Promise.resolve(Response.json(kestra.show(execution.id, before)));
    };
    expect(await runVirtually(execution.result())).toEqual({ greeting: "hello Ada" });
  });

  it("opens a stream that breaks each time only so often", async () => {
    const { kestra, start, fail, warnings } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(60_000), outputs: greetOutputs });
    const execution = await start();
    fail(({ route }) => (route === "follow" ? { kind: "stream", how: "breaks" } : undefined));
    await runVirtually(execution.result());
    expect(kestra.traffic.byRoute.follow).toBeLessThanOrEqual(6);
    expect(warnings).toMatchObject([{ code: "stream_unavailable" }]);
  });

  it("gives a failure as data, and whose wait ran out, when many are settled", async () => {
    const { kestra, arena, start } = scene();
    const handles = [await start()];
    kestra.define({ id: "greet", life: succeedsAfter(500, "FAILED") });
    handles.push(await start());
    kestra.define({ id: "greet", life: neverEnds });
    handles.push(await start(), arena.executions.get(greet, "gone"));
    const seen: unknown[] = [];
    const settled = await runVirtually(
      arena.executions.settle(handles, {
        timeoutMs: 10_000,
        onProgress: (progress) => seen.push(progress),
      }),
    );
    const kinds = settled.map((outcome) => (outcome.ok ? outcome.state : outcome.error.code));
    expect(kinds).toEqual(["SUCCESS", "execution_failed", "wait_timeout", "not_found"]);
    expect(seen.at(-1)).toEqual({ done: 4, total: 4, failed: 3 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends all waits when onProgress throws", async () => {
    const { kestra, arena, start } = scene();
    const handles = [await start()];
    kestra.define({ id: "greet", life: neverEnds });
    handles.push(await start());
    const onProgress = () => {
      throw new Error("mine");
    };
    expect(await failure(arena.executions.settle(handles, { onProgress }))).toMatchObject({
      message: "mine",
    });
    await passVirtually(10);
    expect(vi.getTimerCount()).toBe(0);
    expect(kestra.openStreams).toBe(0);
  });

  it("says that a kill is still at it, rather than hang", async () => {
    const { start, warnings } = scene({
      flows: [{ id: "greet", life: neverEnds }],
      killedLife: [{ state: "KILLING", atMs: 0 }],
    });
    const execution = await start();
    const cancelled = await runVirtually(execution.cancel({ timeoutMs: 5_000 }));
    expect(cancelled).toEqual({ hasEnded: false, state: "KILLING" });
    expect(warnings).toMatchObject([{ code: "kill_pending", executionId: execution.id }]);
  });

  it("sees at once that a kill is done, though the stream never says that it was the end", async () => {
    const { start, kestra } = scene({
      flows: [{ id: "greet", life: neverEnds }],
      endDelayMs: 600_000,
    });
    const execution = await start();
    const startedAt = Date.now();
    expect(await runVirtually(execution.cancel())).toEqual({ hasEnded: true, state: "KILLED" });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(kestra.openStreams).toBe(0);
  });

  it("sends a kill until it was heard", async () => {
    const { kestra, start, fail } = scene({ flows: [{ id: "greet", life: neverEnds }] });
    const execution = await start();
    let left = 3;
    fail(({ route }) => {
      if (route !== "kill" || left === 0) return undefined;
      left -= 1;
      return left === 1 ? { kind: "reset", when: "before" } : { kind: "answer", status: 503 };
    });
    expect(await runVirtually(execution.cancel())).toEqual({ hasEnded: true, state: "KILLED" });
    expect(kestra.traffic.byRoute.kill).toBe(4);
  });

  it("does not say that Kestra was told of a kill when it never was", async () => {
    const { start, fail } = scene({ flows: [{ id: "greet", life: neverEnds }] });
    const execution = await start();
    fail(({ route }) => (route === "kill" ? { kind: "reset", when: "before" } : undefined));
    expect(await failure(execution.cancel({ timeoutMs: 5_000 }))).toMatchObject({
      code: "connection",
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves the execution and its last state in the error of a wait that ran out", async () => {
    const { start } = scene({ flows: [{ id: "greet", life: neverEnds }] });
    const execution = await start();
    await runVirtually(execution.get());
    const error = await failure(execution.result({ timeoutMs: 5_000 }));
    if (!isArenaError(error, "wait_timeout")) throw error;
    expect(error.handle).toBe(execution);
    expect(error.execution).toMatchObject({ executionId: execution.id, flowId: "greet" });
    expect(error.timeoutMs).toBe(5_000);
  });
});
