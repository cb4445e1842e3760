import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batchEvaluation, type KestraArenaClient } from "../../../src/index.ts";
import type { Fault } from "../../../src/testing/server/faults.ts";
import { neverEnds, retriesFlow, succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { runVirtually, settleMicrotasks, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const flows = [
  { id: "greet", life: succeedsAfter(3_000), outputs: greetOutputs },
  { id: "fails", life: succeedsAfter(40, "FAILED") },
  { id: "batch-evaluation", life: neverEnds },
];

interface Scene {
  arena: KestraArenaClient;
  kestra: SimulatedKestra;
  /** An execution that is there already. */
  id: string;
  signal: AbortSignal;
}

const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _item of items);
};

const lostStart = (): Fault | undefined => ({ kind: "answer", status: 504 });
const attached = ({ arena, id }: Scene) => arena.executions.get(greet, id);

/** Each public method, called with a signal; and what has to be there for it. */
const calls: [string, (scene: Scene) => Promise<unknown>, Partial<SimulatedKestra["options"]>?][] =
  [
    ["start", ({ arena, signal }) => arena.start(greet, { who: "Ada" }, { signal })],
    [
      "start with a key",
      ({ arena, signal }) => arena.start(greet, { who: "Ada" }, { key: "k", signal }),
    ],
    [
      "start whose answer is lost",
      ({ arena, signal }) => arena.start(greet, { who: "Ada" }, { signal }),
      { faults: ({ route }) => (route === "create" ? lostStart() : undefined) },
    ],
    [
      "start that is turned away",
      ({ arena, signal }) => arena.start(greet, { who: "Ada" }, { signal }),
      { faults: ({ route }) => (route === "create" ? { kind: "answer", status: 429 } : undefined) },
    ],
    ["result", (scene) => attached(scene).result({ signal: scene.signal })],
    [
      "result of a flow that is retried",
      (scene) => attached(scene).result({ signal: scene.signal }),
      {},
    ],
    [
      "result that is polled",
      (scene) => attached(scene).result({ signal: scene.signal, timeoutMs: 60_000 }),
      {
        faults: ({ route }) => (route === "follow" ? { kind: "stream", how: "breaks" } : undefined),
      },
    ],
    [
      "result whose outputs cannot be read",
      (scene) => attached(scene).result({ signal: scene.signal }),
      {
        faults: ({ route }) =>
          route === "outputs" ? { kind: "reset", when: "before" } : undefined,
      },
    ],
    ["states", (scene) => drain(attached(scene).states({ signal: scene.signal }))],
    [
      "logs that follow",
      (scene) => drain(attached(scene).logs({ follow: true, signal: scene.signal })),
    ],
    ["logs", (scene) => drain(attached(scene).logs({ signal: scene.signal }))],
    [
      "settle",
      (scene) =>
        scene.arena.executions.settle([attached(scene), attached(scene)], { signal: scene.signal }),
    ],
    ["children", (scene) => drain(attached(scene).children({ signal: scene.signal }))],
    ["list", ({ arena, signal }) => drain(arena.executions.list({}, { signal }))],
    ["get", (scene) => attached(scene).get({ signal: scene.signal })],
    ["cancel", (scene) => attached(scene).cancel({ signal: scene.signal })],
    [
      "cancel that hangs",
      (scene) => attached(scene).cancel({ signal: scene.signal }),
      { killedLife: [{ state: "KILLING", atMs: 0 }] },
    ],
    ["pause", (scene) => attached(scene).pause({ signal: scene.signal })],
    ["replay", (scene) => attached(scene).replay({ signal: scene.signal })],
    [
      "download",
      (scene) =>
        attached(scene)
          .download("kestra:///f", { signal: scene.signal })
          .then((file) => file.text()),
    ],
    [
      "progress",
      ({ arena, id, signal }) => arena.executions.get(batchEvaluation, id).progress({ signal }),
    ],
    ["server", ({ arena, signal }) => arena.kestra.server(signal)],
  ];

/** Calls, lets so many timers pass, aborts. @returns false when the call was over by then. */
async function abortAfter(
  steps: number,
  line: "1.3" | "2",
  [name, call, options]: (typeof calls)[number],
): Promise<boolean> {
  const kestra = new SimulatedKestra({ line, flows });
  kestra.files.set("kestra:///f", "content");
  const arena = clientOf(kestra);
  if (name.includes("retried")) {
    kestra.define({
      id: "greet",
      life: retriesFlow(50),
      retry: { afterMs: 800, life: succeedsAfter(500) },
      outputs: greetOutputs,
    });
  }
  const { id } = await runVirtually(clientOf(kestra).start(greet, { who: "Ada" }));
  for (let waited = 0; waited < 20; waited += 1) {
    setTimeout(() => {}, 1);
    vi.advanceTimersToNextTimer();
  }
  Object.assign(kestra.options, options);
  const abort = new AbortController();
  const reason = new Error(`aborted after ${steps} steps`);
  let settled: { value: unknown } | { error: unknown } | undefined;
  call({ arena, kestra, id, signal: abort.signal }).then(
    (value) => {
      settled = { value };
    },
    (error: unknown) => {
      settled = { error };
    },
  );
  for (let step = 0; step < steps; step += 1) {
    await settleMicrotasks();
    if (settled !== undefined) break;
    vi.advanceTimersToNextTimer();
  }
  await settleMicrotasks();
  if (settled !== undefined) {
    expect(vi.getTimerCount(), `${name}: timers after its end`).toBe(0);
    expect(kestra.openRequests + kestra.openStreams).toBe(0);
    expect(getEventListeners(abort.signal, "abort"), `${name}: listeners after its end`).toEqual(
      [],
    );
    return false;
  }
  abort.abort(reason);
  // No timer is moved from here on: it has to be over at once.
  for (let turn = 0; turn < 5; turn += 1) await settleMicrotasks();
  expect(settled, `${name} after ${steps} steps`).toEqual({ error: reason });
  expect((settled as unknown as { error: unknown }).error).toBe(reason);
  expect(vi.getTimerCount(), `${name}: timers after ${steps} steps`).toBe(0);
  expect(kestra.openRequests + kestra.openStreams).toBe(0);
  expect(getEventListeners(abort.signal, "abort")).toEqual([]);
  return true;
}

describe.each(["1.3", "2"] as const)("A signal on %s", (line) => {
  it.each(calls)("ends %s at once, wherever it is, and leaves nothing behind", async (...call) => {
    let aborted = 0;
    // A call that never ends by itself is aborted at its first hundred steps.
    for (let steps = 0; steps < 100; steps += 1) {
      if (!(await abortAfter(steps, line, call))) break;
      aborted += 1;
    }
    expect(aborted).toBeGreaterThan(0);
  });

  it.each(calls)(
    "that was aborted before ends %s with its reason, and nothing is sent",
    async (_name, call, options) => {
      const kestra = new SimulatedKestra({ line, flows, ...options });
      const reason = new Error("before");
      const scene = { arena: clientOf(kestra), kestra, id: "x", signal: AbortSignal.abort(reason) };
      await expect(runVirtually(call(scene))).rejects.toBe(reason);
      expect(kestra.traffic.requests).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});
