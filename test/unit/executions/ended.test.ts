import { describe, expect, it } from "vitest";
import { KestraArenaClient } from "../../../src/index.ts";

describe("Execution.ended", () => {
  it("gives the state of a failed execution without reading its outputs", async () => {
    const asked: string[] = [];
    const arena = new KestraArenaClient({
      url: "http://kestra.test",
      line: "2",
      maxStreams: 0,
      fetch: async (input) => {
        asked.push(new URL(String(input)).pathname);
        return Response.json({
          id: "run1",
          namespace: "ai-arena",
          flowId: "match-orchestration",
          labels: [],
          state: {
            current: "FAILED",
            histories: [{ state: "FAILED", date: "2026-01-01T00:00:00Z" }],
          },
        });
      },
    });
    const state = await arena.executions.get("match-orchestration", "run1").ended();
    expect(state).toBe("FAILED");
    expect(asked.filter((path) => path.includes("/outputs/"))).toEqual([]);
  });

  it("throws a WaitTimeoutError when the time is up", async () => {
    const arena = new KestraArenaClient({
      url: "http://kestra.test",
      line: "2",
      maxStreams: 0,
      fetch: async () =>
        Response.json({
          id: "run1",
          namespace: "ai-arena",
          flowId: "match-orchestration",
          labels: [],
          state: {
            current: "RUNNING",
            histories: [{ state: "RUNNING", date: "2026-01-01T00:00:00Z" }],
          },
        }),
    });
    const handle = arena.executions.get("match-orchestration", "run1");
    await expect(handle.ended({ timeoutMs: 20 })).rejects.toMatchObject({ code: "wait_timeout" });
  });
});
