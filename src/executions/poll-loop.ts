import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import { EndedSearch } from "./ended-search.ts";
import type { Watched } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** Up to so many of a group are read one by one: that is no dearer than a search, and tells more. */
const readOneByOne = 2;

/** Every so many ticks the one that was not read for longest is read by itself, should the index have lost it. */
const sweepEvery = 10;

/** While looks fail, they become rarer, up to this. */
const maxPauseMs = 10_000;

/** The one loop that looks for the ends of all executions that have no stream. It runs only while there are some. */
export class PollLoop {
  readonly #watcher: ExecutionWatcher;
  readonly #searches = new Map<string, EndedSearch>();
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
    this.#searches.clear();
    while (!signal.aborted) {
      const startedAt = performance.now();
      await this.#look(signal);
      if (signal.aborted) return;
      await sleep(this.#pauseMs(performance.now() - startedAt), signal).catch(() => {});
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.#tick += 1;
    let hasFailed = false;
    const followed: Watched[] = [];
    const groups = new Map<string, Watched[]>();
    for (const watched of [...this.#watcher.polled()]) {
      if (watched.needsStates) followed.push(watched);
      else {
        const key = watched.target.isStamped ? "" : watched.target.namespace;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [watched]);
        else group.push(watched);
      }
    }
    for (const [key, group] of groups) {
      if (signal.aborted) return;
      if (group.length <= readOneByOne) followed.push(...group);
      else if (!(await this.#search(key, group, signal))) hasFailed = true;
    }
    for (const watched of followed) {
      if (signal.aborted || !this.#watcher.isWatched(watched)) continue;
      if (!(await this.#watcher.look(watched, signal)) && watched.lastError) hasFailed = true;
    }
    this.#failures = hasFailed ? this.#failures + 1 : 0;
    if (this.#failures === 3) this.#warn();
  }

  /** One search for a group. @returns false when it failed and will be repeated. */
  async #search(key: string, group: readonly Watched[], signal: AbortSignal): Promise<boolean> {
    const { kestra, clientId } = this.#watcher.settings;
    let search = this.#searches.get(key);
    if (search === undefined) {
      const scope = key === "" ? { clientId } : { namespace: key };
      search = new EndedSearch(kestra.executions, scope);
      this.#searches.set(key, search);
    }
    const byId = new Map(group.map((watched) => [watched.target.id, watched]));
    try {
      const startedAt = Math.min(...group.map(({ target }) => target.startedAt));
      for await (const row of search.newlyEnded(startedAt, signal)) {
        const watched = byId.get(row.id);
        if (watched === undefined || !this.#watcher.isWatched(watched)) continue;
        if (row.state !== "FAILED") this.#watcher.end(watched, row.state);
        else {
          await this.#watcher.look(watched, signal);
          // A retry passed through it, or it could not be read: it has to be found again.
          if (this.#watcher.isWatched(watched)) search.forget(row.id);
        }
      }
      if (this.#tick % sweepEvery === 0) await this.#sweep(group, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      for (const watched of group) {
        watched.lastError = error;
        if (isArenaError(error, "authentication")) this.#watcher.fail(watched, error);
      }
      return false;
    }
  }

  async #sweep(group: readonly Watched[], signal: AbortSignal): Promise<void> {
    const rest = group.filter((watched) => this.#watcher.isWatched(watched));
    const watched = rest[(this.#tick / sweepEvery) % Math.max(1, rest.length)];
    if (watched !== undefined) await this.#watcher.look(watched, signal);
  }

  #pauseMs(tookMs: number): number {
    const { tickMs } = this.#watcher.settings;
    if (this.#failures > 0) {
      const pauseMs = Math.min(tickMs * 2 ** this.#failures, Math.max(maxPauseMs, tickMs));
      return pauseMs * (0.5 + Math.random() / 2);
    }
    // A server that needs longer than half a tick is not asked faster than it can answer.
    return Math.max(tickMs - tookMs, tookMs, 1);
  }

  #warn(): void {
    const failing = [...this.#watcher.polled()].find(({ lastError }) => lastError !== undefined);
    const why = failing?.lastError instanceof Error ? failing.lastError.message : "no answer";
    const message = `Kestra cannot be asked for the state of ${this.#watcher.polled().size} executions; it is tried on. ${why}`;
    this.#watcher.settings.warn({ code: "poll_failing", message });
  }
}
