import { describe, expect, inject, it } from "vitest";
import type { ExecutionState, KestraArenaClient } from "../../../src/index.ts";
import { isArenaError } from "../../../src/index.ts";
import {
  clientWithFlows,
  fail,
  gate,
  greet,
  nest,
  restartable,
  stumble,
  talk,
  waver,
  write,
} from "./flows.ts";

const namespace = "arena-tests.handle";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Waits until a handle's execution is in a state. */
async function reaches(states: AsyncIterable<ExecutionState>, wanted: string): Promise<void> {
  for await (const { current } of states) if (current === wanted) return;
  throw new Error(`it ended before it was ${wanted}`);
}

describe.each(["2.0", "1.3"] as const)("An execution's handle on %s", (line) => {
  let shared: Promise<KestraArenaClient> | undefined;
  const client = () => {
    shared ??= clientWithFlows(line, inject("engines")[line], namespace);
    return shared;
  };

  it("gives each state once, in order, and the result", async () => {
    const execution = await (await client()).start(greet, { who: "Ada", forMs: 1_500 });
    const states = collect(execution.states());
    expect(await execution.result({ timeoutMs: 60_000 })).toEqual({ greeting: "hello Ada" });
    const seen = (await states).map(({ current, isLast }) => (isLast ? `${current}!` : current));
    expect(seen[0]).toBe("CREATED");
    expect(seen.at(-1)).toBe("SUCCESS!");
    expect(new Set(seen).size).toBe(seen.length);
    expect(execution.started).toBe("new");
  });

  it("can be made by the id alone, in another process", async () => {
    const arena = await client();
    const { id } = await arena.start(greet, { who: "Lin" });
    const again = arena.executions.get(greet, id);
    expect(await again.result({ timeoutMs: 60_000 })).toEqual({ greeting: "hello Lin" });
    expect(again.started).toBe("existing");
  });

  it("of an execution that does not exist says so", async () => {
    const missing = (await client()).executions.get(greet, "0000000000000000000000");
    await expect(missing.result({ timeoutMs: 60_000 })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(collect(missing.states())).rejects.toMatchObject({ code: "not_found" });
  });

  it("joins by its key, and finds labels as they were given", async () => {
    const arena = await client();
    const key = `join-${crypto.randomUUID()}`;
    const options = { key, labels: { suite: "handle:with a colon" } };
    const one = await arena.start(greet, { who: "Ada" }, options);
    const two = await arena.start(greet, { who: "Ada" }, options);
    expect(two.id).toBe(one.id);
    expect(two.started).toBe("existing");
    await one.result({ timeoutMs: 60_000 });
    const three = await arena.start(greet, { who: "Ada" }, options);
    expect(three.id).toBe(one.id);
    const fails = arena.start(greet, { who: "Ada" }, { ...options, onExisting: "fail" });
    await expect(fails).rejects.toMatchObject({ code: "conflict" });
    const fresh = await arena.start(
      greet,
      { who: "Ada" },
      { ...options, onExisting: "joinIfLive" },
    );
    expect(fresh.id).not.toBe(one.id);
    const { labels } = await one.get();
    expect(labels).toContainEqual({ key: "suite", value: "handle:with a colon" });
    const found = await collect(arena.executions.list({ labels: { "arena.key": key } }));
    expect(found.map(({ id }) => id).sort()).toEqual([one.id, fresh.id].sort());
  });

  it("says which task failed, and why", async () => {
    const execution = await (await client()).start(fail, {});
    const outcome = await execution.outcome({ timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ ok: false, state: "FAILED" });
    if (outcome.ok || !isArenaError(outcome.error, "execution_failed"))
      throw new Error("no failure");
    expect(outcome.error).toMatchObject({ taskId: "boom", reason: "boom on purpose" });
    expect(outcome.error.message).toContain("in task boom: boom on purpose.");
    expect(outcome.error.logs).toEqual(["ERROR boom on purpose"]);
  });

  it("passes through the retries of a task", async () => {
    const execution = await (await client()).start(waver, {});
    const states = collect(execution.states());
    const outcome = await execution.outcome({ timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ ok: true, state: "WARNING" });
    const last = (await states).filter(({ isLast }) => isLast);
    expect(last.map(({ current }) => current)).toEqual(["WARNING"]);
  });

  it("goes on with the execution that a flow's own retry makes", async () => {
    const arena = await client();
    await arena.kestra.kv.set(namespace, "stumbles", 0);
    const execution = await arena.start(stumble, {}, { key: `stumble-${crypto.randomUUID()}` });
    const states = collect(execution.states());
    const outcome = await execution.outcome({ timeoutMs: 120_000 });
    expect(outcome).toMatchObject({ ok: true, state: "SUCCESS" });
    const names = (await states).map(({ current }) => current);
    expect(names.filter((name) => name === "RETRIED")).toHaveLength(2);
    expect(names.at(-1)).toBe("SUCCESS");
    expect((await states).filter(({ isLast }) => isLast)).toHaveLength(1);
  });

  it("gives the log, and follows it to the end of the execution", async () => {
    const execution = await (await client()).start(talk, {});
    const lines: string[] = [];
    for await (const { message } of execution.logs({ follow: true })) lines.push(message);
    const words = lines.filter((text) => text.endsWith("words"));
    expect(words).toEqual(["first words", "last words"]);
    const warnings = await collect(execution.logs({ minLevel: "WARN" }));
    expect(warnings.map(({ message }) => message)).toContain("last words");
    expect(warnings.map(({ message }) => message)).not.toContain("first words");
    const ofTask = await collect(execution.logs({ taskId: "first" }));
    expect(new Set(ofTask.map(({ taskId }) => taskId))).toEqual(new Set(["first"]));
  });

  it("downloads what the execution has written", async () => {
    const execution = await (await client()).start(write, {});
    const { file } = await execution.result({ timeoutMs: 60_000 });
    expect(await (await execution.download(file)).text()).toBe("a line");
    const outside = execution.download("kestra:///etc/passwd");
    await expect(outside).rejects.toMatchObject({ code: "kestra" });
  });

  it("finds its children down to the last, and kills them with it", async () => {
    const arena = await client();
    const execution = await arena.start(nest, {});
    const childrenOf = async () => {
      const rows = await collect(execution.children());
      return rows.map(({ flowId }) => flowId).sort();
    };
    const all = ["middle", "middle", "sleeper", "sleeper"];
    await expect.poll(childrenOf, { timeout: 60_000, interval: 500 }).toEqual(all);
    const [middle] = (await collect(execution.children())).filter(
      ({ flowId }) => flowId === "middle",
    );
    const ofMiddle = await collect(arena.executions.get(nest, middle?.id ?? "").children());
    expect(ofMiddle.map(({ flowId }) => flowId)).toEqual(["sleeper"]);
    expect(await execution.cancel({ timeoutMs: 60_000 })).toEqual({
      hasEnded: true,
      state: "KILLED",
    });
    const states = async () => {
      const rows = await collect(execution.children());
      return [...new Set(rows.map(({ state }) => state.current))];
    };
    await expect.poll(states, { timeout: 60_000, interval: 500 }).toEqual(["KILLED"]);
    await expect(execution.result()).rejects.toMatchObject({ code: "execution_killed" });
    // Once more does no harm.
    expect(await execution.cancel()).toEqual({ hasEnded: true, state: "KILLED" });
  });

  it("pauses, and goes on with inputs", async () => {
    const execution = await (await client()).start(gate, {});
    await reaches(execution.states(), "PAUSED");
    await execution.resume({ inputs: { word: "open" } });
    expect(await execution.result({ timeoutMs: 60_000 })).toEqual({ word: "open" });
    await expect(execution.resume({ inputs: { word: "again" } })).rejects.toThrow();
  });

  it("restarts what has failed, and waits for the new end", async () => {
    const arena = await client();
    await arena.kestra.kv.set(namespace, "open", false);
    const execution = await arena.start(restartable, {});
    expect(await execution.outcome({ timeoutMs: 60_000 })).toMatchObject({ state: "FAILED" });
    await arena.kestra.kv.set(namespace, "open", true);
    await execution.restart();
    const { id } = execution;
    expect(await execution.outcome({ timeoutMs: 60_000 })).toMatchObject({ ok: true });
    expect(execution.id).toBe(id);
  });

  it("replays under another id", async () => {
    const execution = await (await client()).start(greet, { who: "Ada" });
    await execution.result({ timeoutMs: 60_000 });
    const again = await execution.replay();
    expect(again.id).not.toBe(execution.id);
    expect(await again.result({ timeoutMs: 60_000 })).toEqual({ greeting: "hello Ada" });
  });

  it("kills at the end of its block, or leaves alone", async () => {
    const arena = await client();
    const ids: string[] = [];
    {
      await using killed = await arena.start(
        greet,
        { who: "Ada", forMs: 60_000 },
        { onDispose: "kill" },
      );
      await using left = await arena.start(greet, { who: "Ada", forMs: 60_000 });
      ids.push(killed.id, left.id);
    }
    const [killed, left] = ids.map((id) => arena.executions.get(greet, id));
    expect((await killed?.get())?.state.current).toBe("KILLED");
    expect((await left?.get())?.state.current).not.toMatch(/^KILL/);
    await left?.cancel();
  });

  it("starts at a date, and not before", async () => {
    const arena = await client();
    const at = new Date(Date.now() + 4_000);
    const execution = await arena.start(greet, { who: "Ada", forMs: 10 }, { scheduleAt: at });
    expect((await execution.get()).state.current).toBe("CREATED");
    await execution.result({ timeoutMs: 60_000 });
    const running = (await execution.get()).state.histories?.find(
      ({ state }) => state === "RUNNING",
    );
    expect(Date.parse(running?.date ?? "")).toBeGreaterThanOrEqual(at.getTime() - 1_000);
    const never = await arena.start(
      greet,
      { who: "Ada" },
      { scheduleAt: new Date(Date.now() + 3_600_000) },
    );
    expect(await never.cancel({ timeoutMs: 60_000 })).toMatchObject({ hasEnded: true });
  });

  it("starts the revision that is asked for", async () => {
    const arena = await client();
    const { revision = 1 } = await arena.kestra.flows.get(namespace, "greet");
    const execution = await arena.start(greet, { who: "Ada", forMs: 10 }, { revision });
    expect((await execution.get()).flowRevision).toBe(revision);
    const missing = arena.start(greet, { who: "Ada" }, { revision: 999 });
    await expect(missing).rejects.toMatchObject({ code: "not_found" });
  });

  it("is listed page by page, and settled with fifty others", async () => {
    const arena = await client();
    const labels = { lot: crypto.randomUUID() };
    const handles = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        arena.start(greet, { who: `${index}`, forMs: 100 + (index % 5) * 200 }, { labels }),
      ),
    );
    const settled = await arena.executions.settle(handles, { timeoutMs: 240_000 });
    const greetings = settled.map((outcome) =>
      outcome.ok ? outcome.result.greeting : outcome.state,
    );
    expect(greetings).toEqual(handles.map((_, index) => `hello ${index}`));
    const ids = await collect(arena.executions.list({ labels }, { pageSize: 7 }));
    expect(new Set(ids.map(({ id }) => id))).toEqual(new Set(handles.map(({ id }) => id)));
    const successes = arena.executions.list({ labels, states: ["SUCCESS"] }, { limit: 3 });
    expect(await collect(successes)).toHaveLength(3);
    expect(await collect(arena.executions.list({ labels, states: ["FAILED"] }))).toEqual([]);
  });
});
