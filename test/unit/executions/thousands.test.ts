import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { serverOfMany, settleAll, startMany } from "../../support/many-runs.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for each run each second until it has ended, as a client without a watcher would. */
async function pollEach(kestra: SimulatedKestra, ids: readonly string[]): Promise<void> {
  const poll = async (id: string) => {
    for (;;) {
      const response = await kestra.fetch(`${kestra.url}/api/v1/main/executions/${id}`);
      const { state } = (await response.json()) as { state: { current: string } };
      if (state.current === "SUCCESS") return;
      await new Promise((resolve) => {
        setTimeout(resolve, 1_000);
      });
    }
  };
  await runVirtually(Promise.all(ids.map(poll)));
}

describe.each(["1.3", "2"] as const)("Watching many runs on %s", (line) => {
  it("takes a two-hundredth of the requests of polling a thousand, and a thirtieth of the bytes where rows are light", async () => {
    const polled = serverOfMany(line, 1_000);
    const { handles } = await startMany(polled, 1_000);
    await pollEach(
      polled,
      handles.map(({ id }) => id),
    );
    const { requests, bytes } = await settleAll(line, 1_000);
    console.info(
      `${line}: 1,000 runs, ${requests} requests for ${polled.traffic.requests} of polling, ` +
        `${bytes} bytes for ${polled.traffic.bytes}`,
    );
    expect(requests).toBeLessThanOrEqual(polled.traffic.requests / 200);
    // A row of 1.3 holds all task runs, so that each end costs as much as a poll there.
    expect(bytes).toBeLessThanOrEqual(polled.traffic.bytes / (line === "2" ? 30 : 8));
  }, 120_000);

  it("takes at most one and a half rows for each of ten thousand", async () => {
    const { requests, rows, cpuMs, heapMib } = await settleAll(line, 10_000);
    console.info(
      `${line}: 10,000 runs, ${rows / 10_000} rows each, ${requests} requests, ` +
        `${Math.round(cpuMs)} ms of CPU with the server's, ${Math.round(heapMib)} MiB more`,
    );
    expect(rows / 10_000).toBeLessThanOrEqual(1.5);
  }, 120_000);
});
