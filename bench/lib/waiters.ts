import { KestraArenaClient } from "kestra-arena";
import { inParallel } from "../lib/paired.ts";
import type { SpawnedRun } from "../server/protocol.ts";

/** A way to wait for executions. */
export interface Waiter {
  /** For who watches the benchmark. */
  name: string;
  /** Starts so many. @returns what waits for one of them. */
  start(url: string, count: number): Promise<(run: SpawnedRun) => Promise<unknown>>;
}

/** Starts them by the client and waits by their handles. What is timed is the end, so that no result is read. */
function client(name: string, options: { maxStreams?: number } = {}): Waiter {
  return {
    name,
    async start(url, count) {
      const arena = new KestraArenaClient({ url, line: "2", ...options });
      const input = { redAgentId: agent, blueAgentId: agent, targetAgentId: agent };
      const handles = new Map<string, Awaited<ReturnType<typeof arena.runMatch>>>();
      await inParallel(count, 16, async () => {
        const execution = await arena.runMatch(input);
        handles.set(execution.id, execution);
      });
      return ({ id }) => handles.get(id)!.ended();
    },
  };
}

const agent = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01";
/** The client as it comes. */
export const ours = client("kestra-arena");

/** A search each second for all that have ended, and no stream for anyone. */
export const searchAll = client("searching alone", { maxStreams: 0 });

/** A request for each run each second, as a client without a watcher would. */
export const pollEach: Waiter = {
  name: "polling each",
  async start(url, count) {
    const flow = `${url}/api/v1/main/executions/ai-arena/match-orchestration`;
    await inParallel(count, 16, async () => (await fetch(flow, { method: "POST" })).text());
    return async ({ id }) => {
      for (;;) {
        const response = await fetch(`${url}/api/v1/main/executions/${id}`);
        const { state } = (await response.json()) as { state: { current: string } };
        if (state.current === "SUCCESS") return;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    };
  },
};
