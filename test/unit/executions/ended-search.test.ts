import { describe, expect, it } from "vitest";
import { EndedSearch } from "../../../src/executions/ended-search.ts";
import type { ExecutionsApi } from "../../../src/kestra/executions.ts";
import type { ExecutionRow } from "../../../src/kestra/schemas.ts";
import type { ExecutionFilter } from "../../../src/kestra/search.ts";

const scope = { clientId: "c", namespace: "n", flowId: "f" };
const minuteMs = 60_000;

const ended = (id: string, endedAtMs?: number): ExecutionRow => {
  const endDate = endedAtMs === undefined ? undefined : new Date(endedAtMs).toISOString();
  return { id, state: { current: "SUCCESS", endDate } };
};

/** A search on an index that holds these rows. */
function searching(rows: ExecutionRow[]) {
  const filters: ExecutionFilter[] = [];
  const api = {
    async searchStates(filter: ExecutionFilter, { page = 1, size = 1 } = {}) {
      filters.push(filter);
      return { results: rows.slice((page - 1) * size, page * size), total: rows.length };
    },
  };
  const search = new EndedSearch(api as unknown as ExecutionsApi, scope, 1_000);
  const { signal } = new AbortController();
  const newlyEnded = async (startedAt: number) => {
    const found: ExecutionRow[] = [];
    for await (const some of search.newlyEnded(startedAt, signal)) found.push(...[some].flat());
    return found.map(({ id }) => id);
  };
  return { filters, search, newlyEnded, live: () => search.live(0, signal) };
}

describe("The search for what has newly ended", () => {
  it("finds all of many pages once", async () => {
    const rows = Array.from({ length: 130 }, (_, index) => ended(`${index}`, minuteMs));
    const { newlyEnded, filters } = searching(rows);
    expect(await newlyEnded(0)).toHaveLength(130);
    // Of 25 rows each: that is enough most of the time.
    expect(filters).toHaveLength(6);
    expect(await newlyEnded(0)).toEqual([]);
    rows.unshift(ended("new", 2 * minuteMs));
    expect(await newlyEnded(0)).toEqual(["new"]);
  });

  it("forgets what ended long before all that are watched began, when there is a lot of it", async () => {
    const rows = [
      ended("when it ended is not known"),
      ended("late", 30 * minuteMs),
      ...Array.from({ length: 1_000 }, (_, index) => ended(`${index}`, minuteMs)),
    ];
    const { newlyEnded, search, filters } = searching(rows);
    await newlyEnded(0);
    expect(search.knows("0")).toBe(true);
    await newlyEnded(9 * minuteMs);
    expect(search.knows("0")).toBe(true);
    rows.splice(2);
    expect(await newlyEnded(20 * minuteMs)).toEqual([]);
    expect(["0", "late", "when it ended is not known"].map((id) => search.knows(id))).toEqual([
      false,
      true,
      true,
    ]);
    // Five minutes earlier, as clocks differ.
    expect(filters.at(-1)?.endedAfter).toEqual(new Date(15 * minuteMs));
  });

  it("reads anew what it knows where there is less than that, but not at every call", async () => {
    const rows = [ended("restarted", minuteMs), ended("stays", minuteMs)];
    const { newlyEnded } = searching(rows);
    expect(await newlyEnded(0)).toEqual(["restarted", "stays"]);
    rows.shift();
    const found: string[] = [];
    for (let call = 0; call < 60; call += 1) found.push(...(await newlyEnded(0)));
    expect(found).toEqual(["stays"]);
  });

  it("reads who has not ended on all pages", async () => {
    const rows = Array.from({ length: 1_001 }, (_, index) => ended(`${index}`));
    const { live, filters } = searching(rows);
    expect((await live()).size).toBe(1_001);
    expect(filters).toHaveLength(2);
  });
});
