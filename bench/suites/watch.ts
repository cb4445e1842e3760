import type { Goal, Suite } from "../lib/goal.ts";
import { heapWhileWaiting, type MeasuredWait, measureWait } from "../lib/measure-wait.ts";
import { median } from "../lib/statistics.ts";
import { ours, pollEach, searchAll, type Waiter } from "../lib/waiters.ts";

/** Goals 6 to 10: waiting for executions of 1 to 30 s, against polling each of them every second. */
export const watch: Suite = {
  name: "watch",
  async run({ startServer, progress }): Promise<Goal[]> {
    await using stop = new AsyncDisposableStack();
    const server = await startServer();
    stop.defer(() => server.stop());
    const wait = async (count: number, waiter: Waiter, minMs = 1_000, maxMs = 30_000) => {
      progress(`${count} runs by ${waiter.name}`);
      return measureWait(server, waiter, { count, minMs, maxMs });
    };
    const heap = async (count: number) => {
      progress(`what ${count} runs hold`);
      return heapWhileWaiting(server, ours, { count, minMs: 1_000, maxMs: 9_000 });
    };
    // An end between two ticks, so that polling pays its average.
    const one = { ours: [] as number[], polling: [] as number[] };
    let single = await wait(1, ours, 1_500, 1_500);
    for (let round = 0; round < 5; round += 1) {
      single = await wait(1, ours, 1_500, 1_500);
      one.ours.push(single.meanDelayMs);
      one.polling.push((await wait(1, pollEach, 1_500, 1_500)).meanDelayMs);
    }
    // All this before anybody polls, and the small ones before the large: what is left of one is collected in the time
    // of the next, and clients that poll leave a connection each behind, which would count as memory.
    const heapOfThousand = await heap(1_000);
    const unpolled = { thousand: await wait(1_000, ours), tenThousand: await wait(10_000, ours) };
    const heapOfTenThousand = await heap(10_000);
    const hundred = await wait(100, ours);
    const hundredSearched = await wait(100, searchAll);
    const rounds: { thousand: MeasuredWait; polled: MeasuredWait }[] = [];
    rounds.push({ thousand: unpolled.thousand, polled: await wait(1_000, pollEach) });
    rounds.push({ thousand: await wait(1_000, ours), polled: await wait(1_000, pollEach) });
    const tenThousandPolled = await wait(10_000, pollEach);
    const [{ thousand, polled: thousandPolled }] = rounds as [(typeof rounds)[number]];
    const overPolling = (measure: (measured: MeasuredWait) => number) =>
      median(rounds.map(({ thousand, polled }) => measure(thousand) / measure(polled)));
    const thousandCpuMs = rounds.map(({ thousand }) => thousand.cpuMs);
    const polledCpuMs = rounds.map(({ polled }) => polled.cpuMs);
    const perHandle = (heapOfTenThousand - heapOfThousand) / 9_000 / 1_000;
    return [
      {
        id: "6",
        title: "one run: from its end to the promise, over polling each second",
        value: median(one.ours) / median(one.polling),
        limit: 0.02,
        note: `${ms(median(one.ours))} against ${ms(median(one.polling))}, by its stream`,
        limitedBy: "the way of a frame through the stream",
      },
      {
        id: "7",
        title: "1,000 runs: requests, over polling each",
        value: overPolling(({ counts }) => counts.requests),
        limit: 1 / 200,
        note: `${thousand.counts.requests} against ${thousandPolled.counts.requests}`,
        limitedBy: "one search a tick, and a stream each for the last 32",
      },
      {
        id: "7b",
        title: "1,000 runs: bytes, over polling each",
        value: overPolling(({ counts }) => counts.bytes),
        limit: 1 / 30,
        note: `${megabytes(thousand.counts.bytes)} against ${megabytes(thousandPolled.counts.bytes)}`,
        limitedBy: "a row for each end, of which the client reads the id and the state",
      },
      {
        id: "7c",
        title: "1,000 runs: the client's CPU, over polling each",
        value: overPolling(({ cpuMs }) => cpuMs),
        limit: 1 / 15,
        note: `${each(thousandCpuMs)} ms against ${each(polledCpuMs)} ms, in rounds`,
        limitedBy: "a handle for each execution",
      },
      {
        id: "7d",
        title: "1,000 runs: mean delay, over polling each",
        value: overPolling(({ meanDelayMs }) => meanDelayMs),
        limit: 1.05,
        note: `${thousand.meanDelayMs.toFixed(0)} ms against ${thousandPolled.meanDelayMs.toFixed(0)} ms`,
        limitedBy: "half a tick",
      },
      {
        id: "8",
        title: "CPU a run at 10,000, over that at 1,000",
        value: unpolled.tenThousand.cpuMs / 10_000 / (unpolled.thousand.cpuMs / 1_000),
        limit: 0.35,
        note: `${unpolled.tenThousand.cpuMs.toFixed(0)} ms in all, against ${unpolled.thousand.cpuMs.toFixed(0)} ms`,
        limitedBy:
          "how little 1,000 cost, a third of which a run leaves some 0.03 ms for a row's JSON, the promises of its wait and their collection. Nearly half of what 10,000 take is the collector's, by a profile, which goes through all that is alive, 6 kB an execution and its wait, about every seven seconds. Tried: what a tick asks of each execution is a field, a wait holds a third less, and a deadline makes its signal when somebody asks for it, which together halved what 10,000 cost; what 1,000 cost fell by more",
      },
      {
        id: "8b",
        title: "memory in use while 10,000 are waited for, over 1,000",
        value: heapOfTenThousand / heapOfThousand,
        limit: 3,
        note: `${megabytes(heapOfTenThousand)} against ${megabytes(heapOfThousand)} of heap after a collection, when half have ended: ${perHandle.toFixed(1)} kB a handle`,
        limitedBy:
          "what a handle knows of its execution (labels, inputs, states), and the promises of its wait",
      },
      {
        id: "9",
        title: "rows received a run at 10,000",
        value: unpolled.tenThousand.counts.rows / 10_000,
        limit: 1.5,
        unit: "rows",
        note: `${unpolled.tenThousand.counts.rows} rows for 10,000 ends`,
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
      growth("1 run", single, "one request; the rest is what a process does in that time anyway"),
      growth("100 runs", hundred, "a search a second until 32 are left, which have a stream each"),
      growth("1,000 runs", thousand, "a search a second; a row, a promise and a handle an end"),
      growth(
        "10,000 runs",
        unpolled.tenThousand,
        "as many searches; ten times the rows and handles",
      ),
      growth("100 runs, a search each second alone", hundredSearched, "a search a second"),
      growth("1,000 runs, polling each", thousandPolled, "a request a run and second"),
      growth(
        "10,000 runs, polling each",
        tenThousandPolled,
        "the same; one core falls behind the second that they wait",
      ),
    ];
  },
};

function growth(
  title: string,
  { counts, cpuMs, meanDelayMs }: MeasuredWait,
  limitedBy: string,
): Goal {
  return {
    id: "N",
    title: `waiting for ${title}`,
    value: Math.round(cpuMs),
    unit: "ms of CPU",
    note: `${counts.requests} requests, ${megabytes(counts.bytes)}, seen after ${ms(meanDelayMs)}`,
    limitedBy,
  };
}

function each(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(" and ");
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
