import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Execution } from "../../../src/index.ts";
import { succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Runs of 1 to 30 s, spread evenly. */
function server(line: "1.3" | "2", count: number): SimulatedKestra {
  let started = 0;
  const life = () => {
    started += 1;
    return succeedsAfter(1_000 + ((started * 7_919) % count) * (29_000 / count));
  };
  // As many task runs as a match has: what a poll costs is their text.
  const flow = { id: "greet", life, outputs: greetOutputs, taskCount: 5 };
  return new SimulatedKestra({ line, flows: [flow] });
}

async function startMany(kestra: SimulatedKestra, count: number) {
  const client = clientOf(kestra, { line: kestra.line });
  const handles: Execution<{ greeting: string }>[] = [];
  while (handles.length < count) {
    const some = Math.min(100, count - handles.length);
    const starts = Array.from({ length: some }, () => client.start(greet, { who: "Ada" }));
    handles.push(...(await runVirtually(Promise.all(starts))));
  }
  kestra.resetTraffic();
  return { client, handles };
}

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

/** What it took to see the ends; reading each result is one request more, whatever watches. */
function watching({ traffic }: SimulatedKestra): number {
  const { search = 0, follow = 0, get = 0, configs = 0 } = traffic.byRoute;
  return search + follow + get + configs;
}

async function settleAll(line: "1.3" | "2", count: number) {
  const kestra = server(line, count);
  const { client, handles } = await startMany(kestra, count);
  const cpu = process.cpuUsage();
  const heap = process.memoryUsage().heapUsed;
  const seen: number[] = [];
  const settled = await runVirtually(
    client.executions.settle(handles, { onProgress: ({ done }) => seen.push(done) }),
  );
  const { user, system } = process.cpuUsage(cpu);
  expect(settled.every(({ ok }) => ok)).toBe(true);
  expect(seen.at(-1)).toBe(count);
  expect(vi.getTimerCount()).toBe(0);
  expect(kestra.openStreams).toBe(0);
  const heapMib = (process.memoryUsage().heapUsed - heap) / 2 ** 20;
  return { kestra, cpuMs: (user + system) / 1_000, heapMib };
}

describe.each(["1.3", "2"] as const)("Watching many runs on %s", (line) => {
  it("takes at most 60 requests for a hundred", async () => {
    const { kestra } = await settleAll(line, 100);
    // On 1.3 a result is read by a GET, and is none of the watcher's.
    const results = line === "1.3" ? 100 : 0;
    const requests = watching(kestra) - results;
    console.info(`${line}: 100 runs, ${requests} requests, ${kestra.traffic.rows} rows`);
    expect(requests).toBeLessThanOrEqual(60);
  });

  it("takes a two-hundredth of the requests of polling a thousand, and a thirtieth of the bytes where rows are light", async () => {
    const polled = server(line, 1_000);
    const { handles } = await startMany(polled, 1_000);
    await pollEach(
      polled,
      handles.map(({ id }) => id),
    );
    const { kestra } = await settleAll(line, 1_000);
    const results = line === "1.3" ? 1_000 : 0;
    const requests = watching(kestra) - results;
    const bytes = kestra.traffic.watchingBytes;
    console.info(
      `${line}: 1,000 runs, ${requests} requests for ${polled.traffic.requests} of polling, ` +
        `${bytes} bytes for ${polled.traffic.bytes}`,
    );
    expect(requests).toBeLessThanOrEqual(polled.traffic.requests / 200);
    // A row of 1.3 holds all task runs, so that each end costs as much as a poll there.
    expect(bytes).toBeLessThanOrEqual(polled.traffic.bytes / (line === "2" ? 30 : 8));
  }, 120_000);

  it("takes at most one and a half rows for each of ten thousand", async () => {
    const { kestra, cpuMs, heapMib } = await settleAll(line, 10_000);
    const { rows } = kestra.traffic;
    console.info(
      `${line}: 10,000 runs, ${rows / 10_000} rows each, ${kestra.traffic.byRoute.search} searches, ` +
        `${Math.round(cpuMs)} ms of CPU with the server's, ${Math.round(heapMib)} MiB more`,
    );
    expect(rows / 10_000).toBeLessThanOrEqual(1.5);
  }, 120_000);
});
