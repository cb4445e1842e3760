import { expect, vi } from "vitest";
import type { Execution } from "../../src/index.ts";
import { succeedsAfter } from "../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "./test-flow.ts";
import { runVirtually } from "./virtual-time.ts";

/** A server whose runs take 1 to 30 s, spread evenly. */
export function serverOfMany(line: "1.3" | "2", count: number): SimulatedKestra {
  let started = 0;
  const life = () => {
    started += 1;
    return succeedsAfter(1_000 + ((started * 7_919) % count) * (29_000 / count));
  };
  // As many task runs as a match has: what a poll costs is their text.
  const flow = { id: "greet", life, outputs: greetOutputs, taskCount: 5 };
  return new SimulatedKestra({ line, flows: [flow] });
}

/** Starts so many; what was asked for that is forgotten. */
export async function startMany(kestra: SimulatedKestra, count: number) {
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

/** Starts so many and waits for them all, in virtual time. */
export async function settleAll(line: "1.3" | "2", count: number) {
  const kestra = serverOfMany(line, count);
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
  const { rows, watchingBytes: bytes } = kestra.traffic;
  const requests = watching(kestra) - (line === "1.3" ? count : 0);
  return { requests, rows, bytes, cpuMs: (user + system) / 1_000, heapMib };
}

/** What it took to see the ends. Reading each result is one request more, whatever watches: on 1.3 a GET. */
function watching({ traffic }: SimulatedKestra): number {
  const { search = 0, follow = 0, get = 0, configs = 0 } = traffic.byRoute;
  return search + follow + get + configs;
}
