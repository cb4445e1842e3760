import { describe, expect, it } from "vitest";
import { listChildren } from "../../../src/executions/children.ts";
import type { KestraExecution } from "../../../src/kestra/schemas.ts";
import { apiWith } from "../../support/recordings.ts";

const correlation = { key: "system.correlationId", value: "root" };

const execution = (id: string, more: Partial<KestraExecution> = {}): KestraExecution => ({
  id,
  namespace: "n",
  flowId: "f",
  state: { current: "RUNNING" },
  labels: [correlation],
  taskRunList: [],
  ...more,
});

/** As Kestra answers it: who triggered it stands in its trigger. */
const child = (id: string, executionId: string) => ({
  ...execution(id),
  trigger: { variables: { executionId } },
});

async function childrenOf(
  parent: KestraExecution,
  { children, iterations = [] }: { children: unknown[]; iterations?: unknown[] },
) {
  const asked: URLSearchParams[] = [];
  const api = apiWith("2", "main", async (input) => {
    const { searchParams } = new URL(String(input));
    asked.push(searchParams);
    const results = searchParams.has("filters[kind][EQUALS]") ? iterations : children;
    return Response.json({ results, total: results.length });
  });
  const ids: string[] = [];
  for await (const { id } of listChildren(api, parent, undefined)) ids.push(id);
  return { ids, asked };
}

describe("The children of an execution", () => {
  it("are those that it started, and those that they did, however deep", async () => {
    const children = [child("grandchild", "child"), child("child", "root")];
    const { ids, asked } = await childrenOf(execution("root"), { children });
    expect(ids).toEqual(["grandchild", "child"]);
    expect(asked).toHaveLength(1);
  });

  it("are not those of its replay, though all of them share its correlation", async () => {
    const children = [child("of the replay", "replay"), child("own", "root")];
    expect((await childrenOf(execution("root"), { children })).ids).toEqual(["own"]);
    const replay = execution("replay", { parentId: "root" });
    expect((await childrenOf(replay, { children })).ids).toEqual(["of the replay"]);
  });

  it("are found below a loop of 2.x, whose iterations are executions that a search hides", async () => {
    const children = [child("inner", "iteration 2"), child("outer", "iteration 1")];
    const iterations = [
      execution("iteration 2", { parentId: "outer" }),
      execution("iteration 1", { parentId: "root" }),
    ];
    const { ids, asked } = await childrenOf(execution("root"), { children, iterations });
    expect(ids).toEqual(["inner", "outer"]);
    expect(asked.map((query) => query.get("filters[kind][EQUALS]"))).toEqual([null, "LOOP"]);
  });

  it("are looked for by its own id where nothing else is known of how it began", async () => {
    const { ids, asked } = await childrenOf(execution("lone", { labels: [] }), {
      children: [child("own", "lone"), execution("of nobody")],
    });
    expect(ids).toEqual(["own"]);
    expect(asked[0]?.get("filters[labels][EQUALS][system.correlationId]")).toBe("lone");
  });

  it("do not go round for ever where a server says that each is the other's", async () => {
    const children = [child("one", "other"), child("other", "one"), child("own", "root")];
    expect((await childrenOf(execution("root"), { children })).ids).toEqual(["own"]);
  });
});
