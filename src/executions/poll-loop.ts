import { messageOf } from "../errors/message-of.ts";
import { isArenaError, KestraError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { ExecutionRow } from "../kestra/schemas.ts";
import { mapAtATime } from "../map-at-a-time.ts";
import { EndedSearch } from "./ended-search.ts";
import type { Watched } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** Up to so many of a group are read one by one: that is no dearer than a search, and tells more. */
const readOneByOne = 2;

/** So many executions are read at a time. */
const looksAtATime = 8;

/** Every so many ticks it is made sure that the index has lost nothing: what is not among the live is read by itself. */
const sweepEvery = 60;

/** The group of those whose ends no search may tell. */
const alone = "";

/** The one loop that looks for the ends of all executions that have no stream. It runs only while there are some. */
export class PollLoop {
  readonly #watcher: ExecutionWatcher;
  #searches = new Map<string, EndedSearch>();
  #running: AbortController | undefined;
  #failures = 0;
  #tick = 0;

  constructor(watcher: ExecutionWatcher) {
    this.#watcher = watcher;
  }

  /** Starts the loop when there is something to look for, and ends it, its timer included, when there is nothing. */
  update(): void {
    if (this.#watcher.polled().size === 0) {
      this.#running?.abort();
      this.#running = undefined;
    } else if (this.#running === undefined) {
      this.#running = new AbortController();
      void this.#run(this.#running.signal);
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#searches = new Map();
    this.#failures = 0;
    this.#tick = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      this.#tick += 1;
      const hasFailed = await this.#look(signal);
      if (signal.aborted) return;
      this.#failures = hasFailed ? this.#failures + 1 : 0;
      if (this.#failures === 3) this.#warn();
      await sleep(this.#pauseMs(performance.now() - startedAt), signal).catch(() => {});
    }
  }

  /** @returns true when something could not be read and will have to be again. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const groups = Map.groupBy(this.#watcher.polled(), ({ isSearchable, group }) =>
      isSearchable ? group : alone,
    );
    const singles = groups.get(alone) ?? [];
    groups.delete(alone);
    let hasFailed = false;
    const searches = [...groups].map(async ([key, group]) => {
      const search = this.#searchFor(key, group);
      if (group.length <= readOneByOne || search.isRefused) singles.push(...group);
      else if (!(await this.#search(search, group, signal))) hasFailed = true;
    });
    await Promise.all(searches);
    const looks = async (watched: Watched) => {
      if (signal.aborted || !this.#watcher.isWatched(watched)) return;
      if (!(await this.#watcher.look(watched, signal)) && this.#watcher.isWatched(watched)) {
        hasFailed = true;
      }
    };
    await mapAtATime(singles, looksAtATime, looks);
    return hasFailed;
  }

  #searchFor(key: string, [first]: readonly Watched[]): EndedSearch {
    const known = this.#searches.get(key);
    if (known !== undefined || first === undefined) return known as EndedSearch;
    const { kestra, timings } = this.#watcher.settings;
    const search = new EndedSearch(kestra.executions, first.target, timings.lookTimeoutMs);
    this.#searches.set(key, search);
    return search;
  }

  /** One search for a group. @returns false when it failed and will be repeated. */
  async #search(
    search: EndedSearch,
    group: readonly Watched[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const doubtful = new Set<Watched>();
    for (const watched of group) {
      // It may have ended, and been seen, before anybody waited for it.
      if (!watched.isSearched && search.knows(watched.target.id)) doubtful.add(watched);
      watched.isSearched = true;
    }
    try {
      for await (const rows of search.newlyEnded(earliestStart(group), signal)) {
        for (const row of rows) this.#takeRow(row, doubtful);
      }
      if (this.#tick % sweepEvery === 0) await this.#sweep(search, group, doubtful, signal);
    } catch (error) {
      if (signal.aborted) return true;
      return this.#takeError(search, group, error);
    }
    await mapAtATime([...doubtful], looksAtATime, async (watched) => {
      if (signal.aborted || !this.#watcher.isWatched(watched)) return;
      await this.#watcher.look(watched, signal);
      // It goes on, or could not be read: it has to be found again.
      if (this.#watcher.isWatched(watched)) search.forget(watched.target.id);
    });
    return true;
  }

  #takeRow({ id, state: { current } }: ExecutionRow, doubtful: Set<Watched>): void {
    const watched = this.#watcher.describe(id);
    if (!watched?.isSearched || !this.#watcher.polled().has(watched)) return;
    // A retry may pass through FAILED, and since the search was sent it may have become one whose row tells too little.
    if (current === "FAILED" || !watched.isSearchable) doubtful.add(watched);
    else this.#watcher.end(watched, { state: current, execution: undefined });
  }

  async #sweep(
    search: EndedSearch,
    group: readonly Watched[],
    doubtful: Set<Watched>,
    signal: AbortSignal,
  ): Promise<void> {
    const live = await search.live(earliestStart(group), signal);
    for (const watched of group) if (!live.has(watched.target.id)) doubtful.add(watched);
  }

  #takeError(search: EndedSearch, group: readonly Watched[], error: unknown): boolean {
    for (const watched of group) {
      watched.lastError = error;
      if (isArenaError(error, "authentication")) this.#watcher.fail(watched, error);
    }
    const isRefusal = error instanceof KestraError && error.status >= 400 && error.status < 429;
    if (!isRefusal || isArenaError(error, "authentication")) return false;
    search.isRefused = true;
    const message = `Kestra refuses to search for what has ended, so ${group.length} executions are read one by one: ${error.message}`;
    this.#watcher.warnAtTimes({ code: "poll_failing", message });
    return true;
  }

  #pauseMs(tookMs: number): number {
    const { tickMs, timings } = this.#watcher.settings;
    if (this.#failures > 0) {
      const pauseMs = Math.min(tickMs * 2 ** this.#failures, Math.max(timings.maxPauseMs, tickMs));
      return pauseMs * (0.5 + Math.random() / 2);
    }
    // A server that needs longer than half a tick is not asked faster than it can answer.
    return Math.max(tickMs - tookMs, tookMs, 1);
  }

  #warn(): void {
    const polled = [...this.#watcher.polled()];
    const troubles = polled
      .map(({ lastError }) => lastError)
      .filter((error) => error !== undefined);
    const why = troubles.slice(0, 1).map(messageOf).join();
    const message = `Kestra cannot be asked for the state of ${polled.length} executions; it is tried on. ${why}`;
    this.#watcher.warnAtTimes({ code: "poll_failing", message });
  }
}

function earliestStart(group: readonly Watched[]): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { startedAt } of group) earliest = Math.min(earliest, startedAt);
  return earliest;
}
