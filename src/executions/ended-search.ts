import type { ExecutionsApi } from "../kestra/executions.ts";
import type { ExecutionRow } from "../kestra/schemas.ts";
import type { ExecutionFilter } from "../kestra/search.ts";
import { liveStates, terminalStates } from "../kestra/states.ts";
import { arenaLabels } from "./labels.ts";
import { clockSkewMs } from "./timings.ts";

/** Rows of so many are asked for at least, and at most. */
const minPageSize = 25;
const maxPageSize = 1_000;

/** What ended so long before all that are watched began is forgotten, when there is a lot of it. */
const forgetAfterMs = 10 * 60_000;
const manyKnown = 1_000;

/** After what is known was found wrong, it is not read anew again before so many calls. */
const readAnewEvery = 30;

/** Which executions a search is for: those of one flow that one client started, or all of that flow. */
export interface SearchScope {
  readonly clientId: string | undefined;
  readonly namespace: string;
  readonly flowId: string;
}

/**
 * Finds what has newly ended, at the price of one request a tick: the newest ends first, paged only until nothing is
 * unknown. A row that the index shows late is found by the total, which then exceeds what is known.
 */
export class EndedSearch {
  /** True once the server has refused the search as such. */
  isRefused = false;
  readonly #executions: ExecutionsApi;
  readonly #filter: ExecutionFilter;
  readonly #timeoutMs: number;
  /** Who has ended, and when. */
  readonly #known = new Map<string, number>();
  #floor: number | undefined;
  #pageSize = minPageSize;
  #callsSinceAnew = 0;

  constructor(
    executions: ExecutionsApi,
    { clientId, namespace, flowId }: SearchScope,
    timeoutMs: number,
  ) {
    this.#executions = executions;
    this.#timeoutMs = timeoutMs;
    this.#filter = {
      namespace,
      flowId,
      ...(clientId !== undefined && { labels: { [arenaLabels.client]: clientId } }),
    };
  }

  /** True for one that was seen to have ended. */
  knows(executionId: string): boolean {
    return this.#known.has(executionId);
  }

  /** Takes a row back, so that it counts as unknown again. */
  forget(executionId: string): void {
    this.#known.delete(executionId);
  }

  /**
   * What has ended since the last call, page by page.
   *
   * @param startedAt - Nothing that ended before matters, in ms since the epoch by Kestra's clock.
   */
  async *newlyEnded(startedAt: number, signal: AbortSignal): AsyncGenerator<ExecutionRow[]> {
    const floor = this.#moveFloor(startedAt - clockSkewMs);
    const filter = { ...this.#filter, states: terminalStates, endedAfter: new Date(floor) };
    const size = this.#pageSize;
    let found = 0;
    let total = 0;
    for (let page = 1; ; page += 1) {
      const answer = await this.#search(filter, page, size, signal);
      if (page > 1 && answer.results.length === 0) break;
      total = answer.total;
      const news = answer.results.filter(({ id }) => !this.#known.has(id));
      for (const { id, state } of news) {
        this.#known.set(id, Date.parse(state.endDate ?? "") || Number.POSITIVE_INFINITY);
      }
      found += news.length;
      yield news;
      if (answer.results.length < size || this.#known.size >= total) break;
    }
    this.#checkKnown(total);
    // A little more than what a tick brought: one page is enough most of the time, and little of it is known already.
    this.#pageSize = Math.min(maxPageSize, Math.max(minPageSize, Math.ceil(found * 1.25)));
  }

  /** Who has not ended. */
  async live(startedAt: number, signal: AbortSignal): Promise<Set<string>> {
    const startedAfter = new Date(startedAt - clockSkewMs);
    const filter = { ...this.#filter, states: liveStates, startedAfter };
    const ids = new Set<string>();
    for (let page = 1; ; page += 1) {
      const { results } = await this.#search(filter, page, maxPageSize, signal, "oldest");
      for (const { id } of results) ids.add(id);
      if (results.length < maxPageSize) return ids;
    }
  }

  #search(
    filter: ExecutionFilter,
    page: number,
    size: number,
    signal: AbortSignal,
    order: "newest-end" | "oldest" = "newest-end",
  ) {
    const options = { page, size, order, signal, timeoutMs: this.#timeoutMs, retry: false };
    return this.#executions.searchStates(filter, options);
  }

  #moveFloor(wanted: number): number {
    if (this.#floor === undefined || wanted < this.#floor) {
      // What is known was counted above another floor.
      this.#known.clear();
      this.#floor = wanted;
    } else if (wanted - this.#floor > forgetAfterMs && this.#known.size > manyKnown) {
      for (const [id, endedAt] of this.#known) if (endedAt < wanted) this.#known.delete(id);
      this.#floor = wanted;
    }
    return this.#floor;
  }

  /** More is known than there is: some were deleted, or have been restarted. A late row would hide behind them. */
  #checkKnown(total: number): void {
    this.#callsSinceAnew += 1;
    if (this.#known.size <= total || this.#callsSinceAnew < readAnewEvery) return;
    this.#callsSinceAnew = 0;
    this.#known.clear();
  }
}
