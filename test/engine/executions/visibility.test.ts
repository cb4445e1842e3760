import { describe, expect, inject, it } from "vitest";
import { defaultTimings } from "../../../src/executions/timings.ts";
import { clientWithFlows } from "./flows.ts";

const starts = 60;

describe.each(["2.0", "1.3"] as const)("A start on %s", (line) => {
  it("is seen by a search within the window that a claim waits", async () => {
    const namespace = "arena-tests.visibility";
    const { kestra } = await clientWithFlows(line, inject("engines")[line], namespace);
    const lagsMs: number[] = [];
    for (let count = 0; count < starts; count += 1) {
      const labels = { "arena.request": crypto.randomUUID() };
      const inputs = { who: "Ada", wait: "PT0.01S" };
      const { id } = await kestra.executions.create(namespace, "greet", { inputs, labels });
      const answeredAt = performance.now();
      for (;;) {
        const askedAt = performance.now();
        const { results } = await kestra.executions.search({ namespace, labels });
        if (results.some((row) => row.id === id)) {
          // It was there when it was asked for, or became so until the answer.
          lagsMs.push(Math.max(0, askedAt - answeredAt));
          break;
        }
      }
    }
    lagsMs.sort((one, other) => one - other);
    const [median = 0, most = 0] = [lagsMs[starts / 2], lagsMs.at(-1)];
    console.info(
      `${line}: seen after ${median.toFixed(0)} ms (median), at most ${most.toFixed(0)} ms`,
    );
    expect(lagsMs).toHaveLength(starts);
    expect(defaultTimings.visibilityWindowMs).toBeGreaterThan(0);
  });
});
