import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { isArenaError } from "../../../src/index.ts";
import { neverEnds, succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { type ServedKestra, serveKestra } from "../../support/http-server.ts";
import { shortClient } from "../../support/short-client.ts";
import { type ProxyMode, startProxy } from "../../support/tcp-proxy.ts";
import { greet, greetOutputs } from "../../support/test-flow.ts";

// A machine under load is slow, not broken.
vi.setConfig({ testTimeout: 60_000 });

const lines = ["1.3", "2"] as const;

async function setUp(line: "1.3" | "2", life = succeedsAfter(600)) {
  const kestra = new SimulatedKestra({
    line,
    flows: [{ id: "greet", life, outputs: greetOutputs }],
  });
  const server: ServedKestra = await serveKestra(kestra);
  const proxy = await startProxy(server.port);
  const client = shortClient(proxy.url, line);
  const created = () => kestra.store.existing(kestra.now()).length;
  const close = async () => {
    await proxy.close();
    await server.close();
  };
  return { kestra, server, proxy, client, created, [Symbol.asyncDispose]: close };
}

/** The first so many requests that fit go wrong. */
function first(count: number, pattern: RegExp, mode: ProxyMode) {
  let left = count;
  return (requestLine: string): ProxyMode | undefined => {
    if (left === 0 || !pattern.test(requestLine)) return undefined;
    left -= 1;
    return mode;
  };
}

/** Waits for a condition, with no timer of its own at the moment when it looks. */
async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not in time: ${condition}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

const isStart = /^POST .*\/executions\/test\/greet/;
const isFollow = /\/follow /;
const isRead = /^GET .*\/(executions|outputs)\/(?!search)(?!.*follow)/;

describe.each(lines)("A start over a connection that breaks, on %s", (line) => {
  it.each([
    ["before a byte of the answer", { kind: "reset-answer" }],
    ["in the head of the answer", { kind: "reset-after", bytes: 20 }],
    ["in its body", { kind: "reset-after", bytes: 250 }],
    ["in good order, but in mid-body", { kind: "truncate", bytes: 250 }],
    ["never, but nothing comes back", { kind: "silent" }],
  ] as const)("%s is found by its label, and is not sent again", async (_where, mode) => {
    await using scene = await setUp(line);
    scene.proxy.plan = first(1, isStart, mode);
    const execution = await scene.client.start(greet, { who: "Ada" }, { timeoutMs: 3_000 });
    expect(await execution.result({ timeoutMs: 20_000 })).toEqual({ greeting: "hello Ada" });
    expect(scene.created()).toBe(1);
  });

  it("before anything arrived is not known to have happened, and can be told later", async () => {
    await using scene = await setUp(line);
    scene.proxy.plan = first(1, isStart, { kind: "refuse" });
    const error: unknown = await scene.client
      .start(greet, { who: "Ada" })
      .catch((thrown: unknown) => thrown);
    if (!isArenaError(error, "start_unknown")) throw error;
    expect(scene.created()).toBe(0);
    expect(await error.reconcile()).toBeUndefined();
  });

  it("gives one execution to two who start with one key", async () => {
    await using scene = await setUp(line, neverEnds);
    scene.proxy.plan = first(1, isStart, { kind: "reset-answer" });
    const other = shortClient(scene.proxy.url, line);
    const [one, two] = await Promise.all([
      scene.client.start(greet, { who: "Ada" }, { key: "k" }),
      other.start(greet, { who: "Ada" }, { key: "k" }),
    ]);
    expect(one.id).toBe(two.id);
    const now = scene.kestra.now();
    const live = scene.kestra.store
      .existing(now)
      .filter((execution) => !execution.stateAt(now).startsWith("KILL"));
    expect(live.map(({ id }) => id)).toEqual([one.id]);
  });
});

describe.each(lines)("A stream over a connection, on %s,", (line) => {
  it.each([
    ["is reset at once", { kind: "reset-answer" }, 9],
    ["is reset in mid-frame", { kind: "reset-after", bytes: 400 }, 9],
    ["ends in mid-frame", { kind: "truncate", bytes: 400 }, 9],
    ["is late", { kind: "delay", delayMs: 200 }, 9],
    ["comes byte by byte", { kind: "trickle" }, 9],
    ["is silent", { kind: "silent" }, 9],
    ["is refused", { kind: "refuse" }, 9],
  ] as const)("that %s does not hide the end", async (_how, mode, times) => {
    await using scene = await setUp(line);
    scene.proxy.plan = first(times, isFollow, mode);
    const execution = await scene.client.start(greet, { who: "Ada" });
    const states: string[] = [];
    const following = (async () => {
      for await (const { current } of execution.states()) states.push(current);
    })();
    expect(await execution.result({ timeoutMs: 20_000 })).toEqual({ greeting: "hello Ada" });
    await following;
    expect(states).toEqual(["CREATED", "RUNNING", "SUCCESS"]);
    expect(scene.kestra.openStreams).toBe(0);
  });

  it("that is held back makes way for polling, and says why", async () => {
    await using scene = await setUp(line, succeedsAfter(2_500));
    scene.proxy.plan = first(99, isFollow, { kind: "silent" });
    const execution = await scene.client.start(greet, { who: "Ada" });
    const result = execution.result({ timeoutMs: 20_000 });
    await expect
      .poll(() => execution.observedBy?.reason, { timeout: 10_000 })
      .toContain("buffering");
    expect(scene.client.warnings).toMatchObject([{ code: "stream_buffered" }]);
    expect(await result).toEqual({ greeting: "hello Ada" });
  });
});

describe.each(lines)("A read over a connection, on %s,", (line) => {
  it.each([
    ["reset before the answer", { kind: "reset-answer" }],
    ["reset in its body", { kind: "reset-after", bytes: 300 }],
    ["cut in its body", { kind: "truncate", bytes: 300 }],
  ] as const)("that is %s is tried again", async (_how, mode) => {
    await using scene = await setUp(line);
    scene.proxy.plan = first(2, isRead, mode);
    const execution = await scene.client.start(greet, { who: "Ada" });
    expect((await execution.get()).id).toBe(execution.id);
  });
});

describe.each(lines)("A server on %s", (line) => {
  it("that is gone for a while is waited for", async () => {
    await using scene = await setUp(line, succeedsAfter(1_000));
    const execution = await scene.client.start(greet, { who: "Ada" });
    const result = execution.result({ timeoutMs: 30_000 });
    await expect.poll(() => scene.kestra.openStreams, { timeout: 10_000 }).toBe(1);
    await scene.server.close();
    const { port } = scene.server;
    await expect.poll(() => scene.kestra.openStreams, { timeout: 10_000 }).toBe(0);
    await using _again = await serveKestra(scene.kestra, port);
    expect(await result).toEqual({ greeting: "hello Ada" });
  });

  it("that is gone for good ends the wait by its deadline, and the error says so", async () => {
    await using scene = await setUp(line, neverEnds);
    const direct = shortClient(scene.server.url, line);
    const execution = await direct.start(greet, { who: "Ada" });
    const result = execution.result({ timeoutMs: 1_500 });
    await expect.poll(() => scene.kestra.openStreams, { timeout: 10_000 }).toBe(1);
    await scene.server.close();
    const error: unknown = await result.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "wait_timeout", timeoutMs: 1_500 });
    expect(String(error)).toContain("ECONNREFUSED");
    expect(String(error)).toContain("last known state");
  });

  it("keeps no socket and no timer of a wait that was aborted", async () => {
    await using scene = await setUp(line, neverEnds);
    const execution = await scene.client.start(greet, { who: "Ada" });
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await until(() => scene.proxy.open === 0);
    const before = timers();
    const abort = new AbortController();
    const waits = [
      execution.result({ signal: abort.signal }),
      execution.outcome({ signal: abort.signal, timeoutMs: 60_000 }),
      execution.states({ signal: abort.signal }).next(),
      execution.logs({ follow: true, signal: abort.signal }).next(),
    ];
    await expect.poll(() => scene.kestra.openStreams, { timeout: 10_000 }).toBe(1);
    abort.abort(new Error("enough"));
    const settled = await Promise.allSettled<unknown>(waits);
    // The first state was known already.
    expect(settled.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "rejected",
    ]);
    await until(() => scene.proxy.open === 0);
    await until(() => timers() <= before);
  });
});

describe.each(lines)("A download on %s", (line) => {
  it("stands under its name only when it is complete", async () => {
    await using scene = await setUp(line);
    const content = "x".repeat(100_000);
    scene.kestra.files.set("kestra:///f", content);
    const execution = await scene.client.start(greet, { who: "Ada" });
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-download-"));
    try {
      scene.proxy.plan = first(1, /\/file\?/, { kind: "reset-after", bytes: 20_000 });
      const cut = execution.downloadTo("kestra:///f", join(folder, "file"));
      await expect(cut).rejects.toMatchObject({ code: "connection" });
      expect(await readdir(folder)).toEqual([]);
      await execution.downloadTo("kestra:///f", join(folder, "file"));
      expect(await readFile(join(folder, "file"), "utf8")).toBe(content);
      expect(await readdir(folder)).toEqual(["file"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
