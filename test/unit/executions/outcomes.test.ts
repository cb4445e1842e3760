import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { persist } from "../../../src/executions/persist.ts";
import { ConnectionError, KestraError, NotFoundError } from "../../../src/index.ts";
import { neverEnds, retriesFlow, succeedsAfter } from "../../../src/testing/server/life.ts";
import type { SimulatedKestraOptions } from "../../../src/testing/server/options.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const request = { method: "GET", url: "http://kestra.test/x" };

describe("A read of what an execution came to", () => {
  const { signal } = new AbortController();
  /** Reads from a server that fails so, one after the other, and then answers. */
  function read(failures: Error[], mayBeMissing = false) {
    let reads = 0;
    const call = async () => {
      reads += 1;
      const failure = failures[reads - 1];
      if (failure !== undefined) throw failure;
      return reads;
    };
    return runVirtually(persist(call, signal, { mayBeMissing }));
  }

  const missing = new NotFoundError("gone", { status: 404, request });
  const unreachable = new ConnectionError("starts again", request);
  const broken = new KestraError("broken", { status: 500, request });

  it("outlasts a server that starts again, however long that takes", async () => {
    expect(await read(Array.from({ length: 20 }, () => unreachable))).toBe(21);
  });

  it("gives up a server that answers with an error five times", async () => {
    expect(await read(Array.from({ length: 4 }, () => broken))).toBe(5);
    await expect(read(Array.from({ length: 5 }, () => broken))).rejects.toBe(broken);
  });

  it("waits for an execution that was just started, and for no other that is not there", async () => {
    expect(
      await read(
        Array.from({ length: 8 }, () => missing),
        true,
      ),
    ).toBe(9);
    await expect(read([missing])).rejects.toBe(missing);
  });
});

describe.each(["1.3", "2"] as const)("A handle on %s", (line) => {
  function scene(options: SimulatedKestraOptions = {}) {
    const flow = { id: "greet", life: neverEnds, outputs: greetOutputs };
    const kestra = new SimulatedKestra({ line, flows: [flow], ...options });
    const arena = clientOf(kestra, { line });
    const start = () => runVirtually(arena.start(greet, { who: "Ada" }));
    return { kestra, arena, start };
  }

  const retried = {
    id: "greet",
    life: retriesFlow(100),
    retry: { afterMs: 5_000, life: succeedsAfter(2_000) },
    outputs: greetOutputs,
  };

  it("kills what carries on where the flow was about to be retried", async () => {
    const { kestra, start } = scene();
    kestra.define({ ...retried, retry: { afterMs: 5_000, life: neverEnds } });
    const execution = await start();
    await passVirtually(1_000);
    expect(await runVirtually(execution.cancel())).toEqual({ hasEnded: true, state: "KILLED" });
    const [first, second] = kestra.store.existing(kestra.now());
    expect(first?.stateAt(kestra.now())).toBe("RETRIED");
    expect(second?.stateAt(kestra.now())).toBe("KILLED");
  });

  it("kills what was just started, though that cannot be found yet", async () => {
    const { kestra, start } = scene({ unreadableMs: 2_000 });
    const execution = await start();
    expect(await runVirtually(execution.cancel())).toEqual({ hasEnded: true, state: "KILLED" });
    expect(kestra.traffic.byRoute.kill).toBeGreaterThan(1);
  });

  it("does not kill what has ended, what is not there, or what it may not", async () => {
    const { kestra, start, arena } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(100) });
    const execution = await start();
    await passVirtually(1_000);
    expect(await runVirtually(execution.cancel())).toEqual({ hasEnded: true, state: "SUCCESS" });
    const nobody = arena.executions.get(greet, "nobody");
    await expect(runVirtually(nobody.cancel())).rejects.toMatchObject({ code: "not_found" });
    kestra.options.faults = () => ({ kind: "answer", status: 403 });
    await expect(runVirtually(execution.cancel())).rejects.toMatchObject({
      code: "authentication",
    });
  });

  it("tells every state of what carries on as well, without a signal", async () => {
    const { kestra, start } = scene();
    kestra.define(retried);
    const execution = await start();
    const states: string[] = [];
    await runVirtually(
      (async () => {
        for await (const { current, isLast } of execution.states()) {
          states.push(isLast ? `${current}, the last` : current);
        }
      })(),
    );
    expect(states).toEqual(
      "CREATED RUNNING FAILED RETRIED CREATED RUNNING".split(" ").concat("SUCCESS, the last"),
    );
  });

  it.each([
    ["starts again", { kind: "reset", when: "before" }],
    ["is busy", { kind: "answer", status: 503 }],
  ] as const)("finds what carries on though the server %s meanwhile", async (_how, fault) => {
    const { kestra, start, arena } = scene();
    kestra.define(retried);
    const { id } = await start();
    await passVirtually(1_000);
    let faults = 3;
    kestra.options.faults = ({ route }) => {
      if (route !== "search" || faults === 0) return undefined;
      faults -= 1;
      return fault;
    };
    const attached = arena.executions.get(greet, id);
    expect(await runVirtually(attached.result())).toEqual({ greeting: "hello Ada" });
    expect(faults).toBe(0);
  });

  it("is told when it may not look for what carries on", async () => {
    const { kestra, start } = scene();
    kestra.define(retried);
    const execution = await start();
    await passVirtually(1_000);
    kestra.options.faults = ({ route }) =>
      route === "search" ? { kind: "answer", status: 403 } : undefined;
    await expect(runVirtually(execution.result())).rejects.toMatchObject({
      code: "authentication",
    });
  });

  it("asks no more for an end that it knows, but for the outputs", async () => {
    const { kestra, start } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(100), outputs: greetOutputs });
    const execution = await start();
    expect(await runVirtually(execution.ended())).toBe("SUCCESS");
    kestra.resetTraffic();
    expect(await runVirtually(execution.ended())).toBe("SUCCESS");
    expect(kestra.traffic.requests).toBe(0);
    expect(await runVirtually(execution.result())).toEqual({ greeting: "hello Ada" });
    expect(kestra.traffic.requests).toBe(1);
  });

  it("kills at the end of its block what it was attached to, knowing nothing of it", async () => {
    const { kestra, start, arena } = scene();
    const { id } = await start();
    const attached = arena.executions.get(greet, id, { onDispose: "kill" });
    await runVirtually(attached[Symbol.asyncDispose]());
    expect(kestra.store.find(id, kestra.now())?.stateAt(kestra.now())).toBe("KILLED");
  });

  it("says in its error what failed, in as many words as can be read", async () => {
    const { kestra, start } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(100, "FAILED") });
    const execution = await start();
    const message = `It broke ${"and broke ".repeat(100)}\nat line 1`;
    kestra.logs.set(execution.id, [{ level: "ERROR", message }]);
    const error: unknown = await runVirtually(
      execution.result().catch((caught: unknown) => caught),
    );
    expect(error).toMatchObject({ code: "execution_failed", reason: message });
    expect(String(error)).toContain(`: ${message.slice(0, 299)}….`);
  });

  it("says what failed though Kestra tells it a moment after the end", async () => {
    const { kestra, start } = scene();
    kestra.define({ id: "greet", life: succeedsAfter(100, "FAILED") });
    const execution = await start();
    kestra.logs.set(execution.id, []);
    const outcome = execution.outcome();
    await passVirtually(600);
    kestra.logs.set(execution.id, [{ level: "ERROR", message: "It broke." }]);
    expect(await runVirtually(outcome)).toMatchObject({
      ok: false,
      error: { reason: "It broke." },
    });
  });

  it("starts then, and the revision, that it was told", async () => {
    const { kestra } = scene();
    const scheduleAt = new Date(Date.now() + 60_000);
    let sent: URL | undefined;
    const { fetch } = kestra;
    kestra.fetch = (input, init) => {
      sent = new URL(String(input));
      return fetch(input, init);
    };
    const client = clientOf(kestra, { line });
    await runVirtually(client.start(greet, { who: "Ada" }, { scheduleAt, revision: 3 }));
    expect(sent?.searchParams.get("scheduleDate")).toBe(scheduleAt.toISOString());
    expect(sent?.searchParams.get("revision")).toBe("3");
  });
});
