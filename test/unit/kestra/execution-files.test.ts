import { describe, expect, it } from "vitest";
import { KestraArenaClient } from "../../../src/index.ts";

describe("a file of Kestra's storage", () => {
  const paths: string[] = [];
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    line: "2",
    fetch: async (input) => {
      paths.push(new URL(input instanceof Request ? input.url : String(input)).pathname);
      return new Response("{}");
    },
  });

  it("is asked for at the execution that made it, as Kestra redirects everybody else", async () => {
    const uri = "kestra:///ai/arena/batch-evaluation/executions/child/tasks/rows/1/2.jsonl";
    await client.kestra.executions.readFile("parent", uri);
    await client.kestra.executions.readFile("parent", "kestra:///elsewhere.txt");
    expect(paths).toEqual([
      "/api/v1/main/executions/child/file",
      "/api/v1/main/executions/parent/file",
    ]);
  });
});
