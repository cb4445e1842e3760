import ky from "ky";
import type { Goal, Suite } from "../lib/goal.ts";
import { serveOneRun } from "../lib/one-run.ts";
import { inParallel, pairedCpuRatio } from "../lib/paired.ts";

const concurrency = 16;
const agent = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01";

/**
 * What fetch leaves of a call stays until a whole collection, one in some thousand calls: in turns of a quarter of a
 * second the ratio came out anywhere between 1 and 1.9.
 */
const longTurns = { rounds: 9, segmentMs: 1_000 };

/** Goals 4 and 5: CPU of one call, 16 at a time. */
export const calls: Suite = {
  name: "calls",
  async run(tools): Promise<Goal[]> {
    await using stop = new AsyncDisposableStack();
    const { url, id, arena } = await serveOneRun(tools, stop);
    const { progress } = tools;
    progress("reads");
    const get = await pairedCpuRatio(
      (repetitions) => inParallel(repetitions, concurrency, () => arena.kestra.executions.get(id)),
      (repetitions) =>
        inParallel(repetitions, concurrency, async () => {
          const response = await fetch(`${url}/api/v1/main/executions/${id}`, {
            headers: { accept: "application/json" },
          });
          return response.json();
        }),
      longTurns,
    );
    progress("starts");
    const input = {
      redAgentId: agent,
      blueAgentId: agent,
      targetAgentId: agent,
      mode: "quick",
    } as const;
    const start = await pairedCpuRatio(
      (repetitions) => inParallel(repetitions, concurrency, () => arena.runMatch(input)),
      (repetitions) =>
        inParallel(repetitions, concurrency, () => {
          const body = new FormData();
          body.append("red_agent_id", agent);
          body.append("blue_agent_id", agent);
          body.append("target_agent_id", agent);
          body.append("match_mode", "quick");
          const target = `${url}/api/v1/main/executions/ai-arena/match-orchestration`;
          return ky.post(target, { body, searchParams: { labels: "arena.request:1" } }).json();
        }),
      { segmentMs: 500 },
    );
    return [
      {
        id: "4",
        title: "a validated GET, over fetch and json()",
        value: get,
        limit: 1.5,
        note: "CPU, 16 at a time",
        limitedBy:
          "fetch itself; then the schema, the signal of the deadline, and the client's own code, some 12 µs each. Without a network, schema and signal included, it is 5 µs beside 10 for JSON.parse: what fetch does around it makes it dearer",
      },
      {
        id: "5",
        title: "a validated start, over unvalidated ky and FormData",
        value: start,
        limit: 0.95,
        note: "CPU, 16 at a time",
        limitedBy: "fetch itself: text parts are written as one string, without FormData",
      },
    ];
  },
};
