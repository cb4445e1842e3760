import { expect } from "vitest";
import { roundRobin } from "../../../src/evaluation/combinations.ts";
import type { Journal } from "../../../src/evaluation/run/journal.ts";
import type { FakeKestra } from "./fake-kestra.ts";

const combinations = roundRobin({ red: ["r1", "r2"], blue: ["b1", "b2"], target: ["t1"] });
export const matrix = { combinations, matchesPerCombination: 3, mode: "quick" as const };
export const fast = { tickMs: 1 };

/** A journal whose process dies as it writes its n-th line, half of which reaches the disk. */
export function mortalJournal(store: { text: string }, lines = Number.POSITIVE_INFINITY): Journal {
  let left = lines;
  return {
    read: async () => store.text,
    append: async (line) => {
      left -= 1;
      if (left < 0) throw new Error("the process is dead");
      if (left === 0) {
        store.text += line.slice(0, line.length / 2);
        throw new Error("the process was killed");
      }
      store.text += line;
    },
  };
}

/** Every match has a row, and was played once. */
export function expectWhole(world: FakeKestra, rows: readonly { executionId?: string }[]): void {
  expect(rows).toHaveLength(12);
  expect(new Set(rows.map(({ executionId }) => executionId)).size).toBe(12);
  expect([...world.playsByCell().values()]).toEqual([3, 3, 3, 3]);
}
