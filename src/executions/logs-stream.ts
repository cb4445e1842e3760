import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { LogEntry, LogFilter } from "../kestra/logs.ts";
import { isPassing } from "../kestra/retries.ts";
import type { ExecutionContext } from "./context.ts";
import type { Tracked } from "./tracked.ts";

/** Where nothing new comes, it is looked for less often, up to so many ticks apart. */
const maxTicks = 5;

/**
 * An execution's log. Kestra's own stream of it never ends, says nothing of an unknown id and repeats lines on 2.x, so
 * the log is read again now and then until the execution has ended, and once more after that.
 */
export async function* streamLogs(
  context: ExecutionContext,
  tracked: Tracked,
  options: LogFilter & { signal?: AbortSignal | undefined; follow?: boolean | undefined },
): AsyncGenerator<LogEntry, void, undefined> {
  const { follow = false, signal, minLevel, taskId } = options;
  const seen = new Map<string, number>();
  const read = async () => {
    const entries = await context.kestra.logs.get(tracked.id, { minLevel, taskId, signal });
    return newEntries(entries, seen);
  };
  if (!follow) {
    yield* await read();
    return;
  }
  const end = new AbortController();
  let failure: { error: unknown } | undefined;
  const stop = context.watcher.watch(tracked.target(), {
    needsStates: false,
    onState: () => {},
    onEnd: () => end.abort(),
    onFailure: (error) => {
      failure = { error };
      end.abort();
    },
  });
  const onAbort = () => end.abort();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (let ticks = 1; !end.signal.aborted; ) {
      const news = await read().catch((error: unknown) => {
        // The next look is a tick away; whether it can be looked at all is the watcher's to say.
        if (signal?.aborted || isArenaError(error, "authentication") || !isPassing(error)) {
          throw error;
        }
        return [];
      });
      yield* news;
      ticks = news.length > 0 ? 1 : Math.min(maxTicks, ticks + 1);
      await sleep(context.watcher.settings.tickMs * ticks, end.signal).catch(() => {});
    }
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure.error;
    yield* await read();
  } finally {
    stop();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Those that were not there before. The same line twice is two lines, so they are counted. */
function newEntries(entries: readonly LogEntry[], seen: Map<string, number>): LogEntry[] {
  const counts = new Map<string, number>();
  return entries.filter((entry) => {
    const key = JSON.stringify([entry.timestamp, entry.taskRunId, entry.level, entry.message]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= (seen.get(key) ?? 0)) return false;
    seen.set(key, count);
    return true;
  });
}
