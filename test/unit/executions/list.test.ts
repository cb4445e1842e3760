import { describe, expect, it } from "vitest";
import { listExecutions } from "../../../src/executions/list.ts";
import { apiWith } from "../../support/recordings.ts";

/** Reads a list from a server that gives these pages, whatever size it is asked for. */
async function listed(pages: string[][], options: Parameters<typeof listExecutions>[2]) {
  const asked: string[] = [];
  const api = apiWith("2", "main", async (input) => {
    const { searchParams } = new URL(String(input));
    asked.push(`page ${searchParams.get("page")} of ${searchParams.get("size")}`);
    const ids = pages[Number(searchParams.get("page")) - 1] ?? [];
    const state = { current: "RUNNING" };
    const results = ids.map((id) => ({ id, namespace: "n", flowId: "f", state }));
    return Response.json({ results, total: pages.flat().length });
  });
  const ids: string[] = [];
  for await (const { id } of listExecutions(api, {}, options)) ids.push(id);
  return { ids, asked };
}

describe("A list of executions", () => {
  it("goes on while pages are full, and gives each once though a new one shifts the pages", async () => {
    const pages = [["d", "c"], ["c", "b"], ["a"]];
    const { ids, asked } = await listed(pages, { pageSize: 2 });
    expect(ids).toEqual(["d", "c", "b", "a"]);
    expect(asked).toEqual(["page 1 of 2", "page 2 of 2", "page 3 of 2"]);
  });

  it("ends at its limit in the middle of a page, and asks for no more than it may give", async () => {
    const pages = [
      ["d", "c"],
      ["b", "a"],
    ];
    expect(await listed(pages, { pageSize: 2, limit: 3 })).toEqual({
      ids: ["d", "c", "b"],
      asked: ["page 1 of 2", "page 2 of 2"],
    });
    expect(await listed([["d"]], { limit: 1 })).toEqual({ ids: ["d"], asked: ["page 1 of 1"] });
    expect(await listed(pages, { limit: 0 })).toEqual({ ids: [], asked: [] });
  });
});
