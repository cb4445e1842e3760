import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batchEvaluation } from "../../../src/index.ts";
import { neverEnds, succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf } from "../../support/test-flow.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const combination = (name: string) => ({
  red_agent_id: `${name}-red`,
  blue_agent_id: "b",
  target_agent_id: "t",
});

describe.each(["1.3", "2"] as const)("The progress of a batch on %s", (line) => {
  function scene(labels: { key: string; value: string }[]) {
    const kestra = new SimulatedKestra({ line });
    const { store } = kestra;
    const now = kestra.now();
    const common = { namespace: "test", now, nodeSkewMs: 0 };
    const inputs = {
      agent_combinations: [combination("one"), combination("two")],
      matches_per_combination: 3,
    };
    const flow = { id: "batch-evaluation", life: neverEnds };
    const batch = store.create({ ...common, flow, inputs, labels });
    const play = (name: string, life: typeof neverEnds) =>
      store.create({
        ...common,
        flow: { id: "match-orchestration", life },
        inputs: combination(name),
        labels: [{ key: "arena.batch", value: batch.id }],
      });
    return {
      kestra,
      batch,
      play,
      handle: clientOf(kestra).executions.get(batchEvaluation, batch.id),
    };
  }

  it("counts the matches by how they stand, in all and a pairing, and says how long the rest takes", async () => {
    const { play, handle } = scene([{ key: "arena.batch_size", value: "5" }]);
    play("one", succeedsAfter(1_000));
    play("one", succeedsAfter(1_000, "FAILED"));
    play("one", succeedsAfter(1_000, "KILLED"));
    play("two", neverEnds);
    await passVirtually(6_000);
    const { timeLeftMs, ...progress } = await runVirtually(handle.progress());
    expect(progress).toEqual({
      total: 6,
      takenOver: 1,
      done: 4,
      completed: 1,
      failed: 1,
      cancelled: 1,
      running: 1,
      combinations: [
        {
          redAgentId: "one-red",
          blueAgentId: "b",
          targetAgentId: "t",
          completed: 1,
          failed: 1,
          cancelled: 1,
          running: 0,
        },
        {
          redAgentId: "two-red",
          blueAgentId: "b",
          targetAgentId: "t",
          completed: 0,
          failed: 0,
          cancelled: 0,
          running: 1,
        },
      ],
    });
    // Three took six seconds, two are left.
    expect(timeLeftMs).toBeGreaterThanOrEqual(4_000);
    expect(timeLeftMs).toBeLessThan(4_100);
  });

  it("is nothing before the first match", async () => {
    const { handle } = scene([]);
    expect(await runVirtually(handle.progress())).toEqual({
      total: 6,
      takenOver: 0,
      done: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      running: 0,
      combinations: [],
      timeLeftMs: undefined,
    });
  });
});
