import type { ExecutionsApi } from "../kestra/executions.ts";
import { terminalStates } from "../kestra/states.ts";

/** Rows of so many are asked for at least, and at most. */
const minPageSize = 25;
const maxPageSize = 1_000;

/** The clocks of Kestra's nodes may differ by that much from each other and from ours. */
const clockSkewMs = 5 * 60_000;

/** A row that has ended. */
export interface EndedRow {
  id: string;
  state: string;
}

/**
 * Finds what has newly ended, at the price of one request a tick: the newest ends first, paged only until nothing is
 * unknown. A row that the index shows late is found by the total, which then exceeds what is known.
 */
export class EndedSearch {
  readonly #executions: ExecutionsApi;
  readonly #scope: { clientId: string } | { namespace: string };
  readonly #known = new Set<string>();
  #floor: number | undefined;
  #pageSize = minPageSize;

  constructor(executions: ExecutionsApi, scope: { clientId: string } | { namespace: string }) {
    this.#executions = executions;
    this.#scope = scope;
  }

  /** Takes a row back, so that it counts as unknown again. */
  forget(executionId: string): void {
    this.#known.delete(executionId);
  }

  /** What has ended since the last call. @param startedAt - Nothing that ended before matters, in ms since the epoch. */
  async *newlyEnded(startedAt: number, signal: AbortSignal): AsyncGenerator<EndedRow> {
    const floor = startedAt - clockSkewMs;
    if (this.#floor === undefined || floor < this.#floor) {
      // What is known was counted above another floor.
      this.#floor = floor;
      this.#known.clear();
    }
    let found = 0;
    for (let page = 1; ; page += 1) {
      const { results, total } = await this.#executions.searchStates(
        {
          ...("namespace" in this.#scope
            ? { namespace: this.#scope.namespace }
            : { labels: { "arena.client": this.#scope.clientId } }),
          states: terminalStates,
          endedAfter: new Date(this.#floor),
        },
        { page, size: this.#pageSize, order: "newest-end", signal },
      );
      for (const { id, state } of results) {
        if (this.#known.has(id)) continue;
        this.#known.add(id);
        found += 1;
        yield { id, state: state.current };
      }
      if (results.length < this.#pageSize || this.#known.size >= total) break;
    }
    // About twice what a tick brought: one page is enough most of the time, and little of it is known already.
    this.#pageSize = Math.min(maxPageSize, Math.max(minPageSize, Math.ceil(found * 1.25)));
  }
}
