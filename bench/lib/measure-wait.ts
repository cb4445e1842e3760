import { setTimeout } from "node:timers/promises";
import type { ServerCounts, SpawnedRun } from "../server/protocol.ts";
import { idleConnectionsClosed } from "./idle-connections.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Waiter } from "./waiters.ts";

/** How many runs are waited for, and when they end, evenly spread. */
export interface WaitPlan {
  /** How many. */
  count: number;
  /** The first ends after so long. */
  minMs: number;
  /** The last ends after so long. */
  maxMs: number;
}

/** What it took to wait for them. */
export interface MeasuredWait {
  /** What was asked of the server. */
  counts: ServerCounts;
  /** CPU time of the client's process. */
  cpuMs: number;
  /** From an end until it was seen, on average. */
  meanDelayMs: number;
  /** The same of the last one. */
  lastDelayMs: number;
}

/** Waits for them all; what it takes to start them is not counted. */
export async function measureWait(
  server: ServerProcess,
  waiter: Waiter,
  { count, ...spread }: WaitPlan,
): Promise<MeasuredWait> {
  await idleConnectionsClosed();
  await server.reset();
  await server.hold();
  const waitFor = await waiter.start(server.url, count);
  await garbageCollected();
  const runs = await server.release(spread);
  const before = process.cpuUsage();
  const last = Math.max(...runs.map(({ endsAt }) => endsAt));
  const delays: number[] = [];
  let lastDelayMs = 0;
  const take = ({ endsAt }: SpawnedRun) => {
    const delayMs = Date.now() - endsAt;
    delays.push(delayMs);
    if (endsAt === last) lastDelayMs = delayMs;
  };
  // As little as can be that is not the waiter's own.
  await Promise.all(runs.map((run) => waitFor(run).then(() => take(run))));
  const { user, system } = process.cpuUsage(before);
  return {
    counts: await server.counts(),
    cpuMs: (user + system) / 1_000,
    meanDelayMs: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    lastDelayMs,
  };
}

/** What the starts, and whoever was measured before, have left is collected first, as it would be in our time else. */
async function garbageCollected(): Promise<void> {
  globalThis.gc?.();
  // The collector's own threads go on for a while.
  await setTimeout(500);
}

/**
 * The heap in use when half of them have ended, after a collection. A wait of its own: a collection that is forced has
 * others follow it, whose CPU time is not the client's.
 */
export async function heapWhileWaiting(
  server: ServerProcess,
  waiter: Waiter,
  { count, ...spread }: WaitPlan,
): Promise<number> {
  await server.reset();
  await server.hold();
  const waitFor = await waiter.start(server.url, count);
  const runs = await server.release(spread);
  const last = Math.max(...runs.map(({ endsAt }) => endsAt));
  const half = new Promise<number>((resolve) => {
    const measure = () => {
      globalThis.gc?.();
      resolve(process.memoryUsage().heapUsed);
    };
    globalThis.setTimeout(measure, (last - Date.now()) / 2);
  });
  await Promise.all(runs.map(waitFor));
  return half;
}
