import { KestraArenaClient } from "kestra-arena";
import type { Goal, Suite } from "../lib/goal.ts";
import { inParallel } from "../lib/paired.ts";
import type { ServerProcess } from "../lib/server-process.ts";
import { quantile } from "../lib/statistics.ts";
import type { ServerCounts, SpawnedRun } from "../server/protocol.ts";

/** Goals 6 to 10: waiting for executions of 1 to 30 s, against polling each of them every second. */
export const watch: Suite = {
  name: "watch",
  async run({ startServer, progress }): Promise<Goal[]> {
    await using stop = new AsyncDisposableStack();
    const server = await startServer();
    stop.defer(() => server.stop());
    const wait = async (count: number, waiter: Waiter, minMs = 1_000, maxMs = 30_000) => {
      progress(`${count} runs by ${waiter.name}`);
      await server.reset();
      return measure(server, waiter, { count, minMs, maxMs });
    };
    // An end between two ticks, so that polling pays its average.
    const one = { ours: [] as number[], polling: [] as number[] };
    let single: Measured | undefined;
    for (let round = 0; round < 7; round += 1) {
      single = await wait(1, ours, 1_500, 1_500);
      one.ours.push(single.meanDelayMs);
      one.polling.push((await wait(1, pollEach, 1_500, 1_500)).meanDelayMs);
    }
    const hundred = await wait(100, ours);
    const hundredSearched = await wait(100, searchAll);
    const thousand = await wait(1_000, ours);
    const thousandPolled = await wait(1_000, pollEach);
    const tenThousand = await wait(10_000, ours);
    const perRun = (measured: Measured, count: number) => measured.cpuMs / count;
    const perHandle = (tenThousand.heapBytes - thousand.heapBytes) / 9_000 / 1_000;
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
    const describe = ({ counts, cpuMs, meanDelayMs }: Measured) =>
      `${counts.requests} requests, ${megabytes(counts.bytes)}, ${cpuMs.toFixed(0)} ms of CPU, seen after ${meanDelayMs.toFixed(1)} ms`;
    return [
      {
        id: "6",
        title: "one run: from its end to the promise, over polling each second",
        value: quantile(one.ours, 0.5) / quantile(one.polling, 0.5),
        limit: 0.02,
        note: `${ms(quantile(one.ours, 0.5))} against ${ms(quantile(one.polling, 0.5))}, by its stream`,
        limitedBy: "the way of a frame through the stream",
      },
      {
        id: "7",
        title: "1,000 runs: requests, over polling each",
        value: thousand.counts.requests / thousandPolled.counts.requests,
        limit: 1 / 200,
        note: `${thousand.counts.requests} against ${thousandPolled.counts.requests}`,
        limitedBy: "one search a tick, and a stream each for the last 32",
      },
      {
        id: "7b",
        title: "1,000 runs: bytes, over polling each",
        value: thousand.counts.bytes / thousandPolled.counts.bytes,
        limit: 1 / 30,
        note: `${megabytes(thousand.counts.bytes)} against ${megabytes(thousandPolled.counts.bytes)}`,
        limitedBy: "a row for each end, of which the client reads the id and the state",
      },
      {
        id: "7c",
        title: "1,000 runs: the client's CPU, over polling each",
        value: thousand.cpuMs / thousandPolled.cpuMs,
        limit: 1 / 15,
        note: `${thousand.cpuMs.toFixed(0)} ms against ${thousandPolled.cpuMs.toFixed(0)} ms`,
        limitedBy: "a handle for each execution",
      },
      {
        id: "7d",
        title: "1,000 runs: mean delay, over polling each",
        value: thousand.meanDelayMs / thousandPolled.meanDelayMs,
        limit: 1.05,
        note: `${thousand.meanDelayMs.toFixed(0)} ms against ${thousandPolled.meanDelayMs.toFixed(0)} ms`,
        limitedBy: "half a tick",
      },
      {
        id: "8",
        title: "CPU a run at 10,000, over that at 1,000",
        value: perRun(tenThousand, 10_000) / perRun(thousand, 1_000),
        limit: 0.35,
        note: `${tenThousand.cpuMs.toFixed(0)} ms in all`,
        limitedBy:
          "each handle has a wait of its own, with a deadline and promises. Tried: a date is read once, and no map is made a tick, which took a third off; what 1,000 cost fell too",
      },
      {
        id: "8b",
        title: "memory in use while 10,000 are waited for, over 1,000",
        value: tenThousand.heapBytes / thousand.heapBytes,
        limit: 3,
        note: `${megabytes(tenThousand.heapBytes)} against ${megabytes(thousand.heapBytes)} of heap after a collection, of ten times as many handles: ${perHandle.toFixed(1)} kB each`,
        limitedBy: "what a handle knows of its execution: labels, inputs, states, task runs",
      },
      {
        id: "9",
        title: "rows received a run at 10,000",
        value: tenThousand.counts.rows / 10_000,
        limit: 1.5,
        unit: "rows",
        note: `${tenThousand.counts.rows} rows for 10,000 ends`,
        limitedBy: "each end has to be a row once; the rest is the overlap of two searches",
      },
      {
        id: "10",
        title: "100 runs: last end to all settled, over the mean of a search each second alone",
        value: hundred.lastDelayMs / hundredSearched.meanDelayMs,
        limit: 0.05,
        note: `${ms(hundred.lastDelayMs)} against ${ms(hundredSearched.meanDelayMs)}`,
        limitedBy: "the way of a frame: the last ones have a stream each again",
      },
      {
        id: "10b",
        title: "100 runs: requests",
        value: hundred.counts.requests,
        limit: 60,
        unit: "requests",
        note: "searches, and the streams of the last ones",
        limitedBy: "a stream is a request, and so is the look before it",
      },
      ...growth([
        ["1 run", single, describe],
        ["100 runs", hundred, describe],
        ["1,000 runs", thousand, describe],
        ["10,000 runs", tenThousand, describe],
        ["1,000 runs, polling each", thousandPolled, describe],
        ["100 runs, a search each second alone", hundredSearched, describe],
      ]),
    ];
  },
};

function growth(
  rows: readonly [string, Measured | undefined, (measured: Measured) => string][],
): Goal[] {
  return rows.flatMap(([title, measured, describe]) =>
    measured === undefined
      ? []
      : [
          {
            id: "N",
            title: `waiting for ${title}`,
            value: measured.cpuMs,
            unit: "ms of CPU",
            note: describe(measured),
          },
        ],
  );
}

interface Waiter {
  name: string;
  /** Starts so many. @returns what waits for one of them. */
  start(url: string, count: number): Promise<(run: SpawnedRun) => Promise<unknown>>;
}

/** Starts them by the client and waits by their handles. What is timed is the end, so that no result is read. */
function client(name: string, options: { maxStreams?: number } = {}): Waiter {
  return {
    name,
    async start(url, count) {
      const arena = new KestraArenaClient({ url, line: "2", ...options });
      const input = { redAgentId: agent, blueAgentId: agent, targetAgentId: agent };
      const handles = new Map<string, Awaited<ReturnType<typeof arena.runMatch>>>();
      await inParallel(count, 16, async () => {
        const execution = await arena.runMatch(input);
        handles.set(execution.id, execution);
      });
      return async ({ id }) => handles.get(id)?.ended();
    },
  };
}

const agent = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01";
const ours = client("kestra-arena");

/** A search each second for all that have ended, and no stream for anyone. */
const searchAll = client("searching alone", { maxStreams: 0 });

const pollEach: Waiter = {
  name: "polling each",
  async start(url, count) {
    const flow = `${url}/api/v1/main/executions/ai-arena/match-orchestration`;
    await inParallel(count, 16, async () => (await fetch(flow, { method: "POST" })).text());
    return async ({ id }) => {
      for (;;) {
        const response = await fetch(`${url}/api/v1/main/executions/${id}`);
        const { state } = (await response.json()) as { state: { current: string } };
        if (state.current === "SUCCESS") return;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    };
  },
};

interface Measured {
  counts: ServerCounts;
  cpuMs: number;
  heapBytes: number;
  meanDelayMs: number;
  lastDelayMs: number;
}

async function measure(
  server: ServerProcess,
  waiter: Waiter,
  { count, ...spread }: { count: number; minMs: number; maxMs: number },
): Promise<Measured> {
  let heapBytes = 0;
  await server.hold();
  const waitFor = await waiter.start(server.url, count);
  const runs = await server.release(spread);
  const before = process.cpuUsage();
  const last = Math.max(...runs.map(({ endsAt }) => endsAt));
  let collecting = 0;
  const atHalf = () => {
    // What is spent to measure is not the client's.
    const start = process.cpuUsage();
    globalThis.gc?.();
    heapBytes = process.memoryUsage().heapUsed;
    collecting = cpuMsSince(start);
  };
  const half = setTimeout(atHalf, (last - Date.now()) / 2);
  const delays: number[] = [];
  let lastDelayMs = 0;
  await Promise.all(
    runs.map(async (run) => {
      await waitFor(run);
      const delayMs = Date.now() - run.endsAt;
      delays.push(delayMs);
      if (run.endsAt === last) lastDelayMs = delayMs;
    }),
  );
  clearTimeout(half);
  const cpuMs = cpuMsSince(before) - collecting;
  return {
    counts: await server.counts(),
    cpuMs,
    heapBytes,
    meanDelayMs: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    lastDelayMs,
  };
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
