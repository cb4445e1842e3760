import type { BatchRow } from "../flows/batch-row.ts";
import type { FakeStart } from "./outcomes.ts";
import type { SimulatedKestra } from "./server/simulated-kestra.ts";

/** The matches of a batch as executions of their own, one after the other: its progress is read from them. */
export function playMatches(
  server: SimulatedKestra,
  { executionId, namespace, labels }: FakeStart,
  rows: readonly BatchRow[],
  durationMs: number,
): void {
  const isEndless = durationMs === Number.POSITIVE_INFINITY;
  const eachMs = isEndless ? 1_000 : durationMs / rows.length;
  const inherited = Object.entries(labels)
    .filter(([key]) => !key.startsWith("system."))
    .map(([key, value]) => ({ key, value }));
  for (const [index, row] of rows.entries()) {
    server.store.create({
      namespace,
      flow: {
        id: "match-orchestration",
        life: [
          { state: "RUNNING", atMs: 0 },
          ...(isEndless ? [] : [{ state: row.state, atMs: eachMs }]),
        ],
      },
      inputs: {
        red_agent_id: row.redAgentId,
        blue_agent_id: row.blueAgentId,
        target_agent_id: row.targetAgentId,
      },
      labels: [...inherited, { key: "arena.batch", value: executionId }],
      now: server.now() + index * eachMs,
      nodeSkewMs: 0,
      triggerExecutionId: executionId,
    });
  }
}
