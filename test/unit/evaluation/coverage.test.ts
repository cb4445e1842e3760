import { describe, expect, it } from "vitest";
import { measureCoverage } from "../../../bench/evaluation-coverage.ts";

describe("the intervals of analyze on the sample arena, whose truth is known", () => {
  it("hold it about as often as they say, and call nobody better who is worse", async () => {
    const { intervals, calledDifferent, wronglyOrdered } = await measureCoverage({ batches: 25 });
    const shares = Object.entries(intervals).map(
      ([name, { held, total }]) => [name, held / total] as const,
    );
    // Of 25 batches, an interval of 95 % may well miss three; the full measurement takes hundreds.
    expect(shares.filter(([, share]) => share < 0.88)).toEqual([]);
    expect(calledDifferent).toBeGreaterThan(120);
    expect(wronglyOrdered / calledDifferent).toBeLessThan(0.02);
  }, 120_000);
});
