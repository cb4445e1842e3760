import { describe, expect, it } from "vitest";
import { mapAtATime } from "../../src/map-at-a-time.ts";

describe("mapAtATime", () => {
  it("has so many in work at a time, and gives what they came to in order", async () => {
    let inWork = 0;
    let most = 0;
    const values = await mapAtATime([3, 1, 2, 0], 2, async (ticks) => {
      inWork += 1;
      most = Math.max(most, inWork);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      inWork -= 1;
      return ticks * 10;
    });
    expect(values).toEqual([30, 10, 20, 0]);
    expect(most).toBe(2);
  });

  it("begins nothing more once it has failed for one", async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error("two");
    };
    await expect(mapAtATime([1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow("two");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(begun).toEqual([1, 2, 3]);
  });
});
