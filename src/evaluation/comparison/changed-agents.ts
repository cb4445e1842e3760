import { type AgentInfo, label } from "../agents.ts";
import type { ChangedAgent } from "./comparison.ts";

const parts = [
  ["version", "version"],
  ["model", "model"],
  ["promptHash", "prompt"],
] as const;

/** Finds the agents that are not what they, or those that they stand for, were in the baseline. */
export function changedAgents(
  before: readonly AgentInfo[],
  after: readonly AgentInfo[],
  standsFor: Readonly<Record<string, string>>,
): ChangedAgent[] {
  const known = new Map(before.map((agent) => [agent.id, agent]));
  return after.flatMap((agent) => {
    const old = known.get(standsFor[agent.id] ?? agent.id);
    if (old === undefined) return [];
    return parts
      .filter(([field]) => old[field] !== agent[field])
      .map(([field, what]) => ({
        agentId: agent.id,
        name: label(agent),
        what,
        ...(old[field] !== undefined && { baseline: old[field] }),
        ...(agent[field] !== undefined && { candidate: agent[field] }),
      }));
  });
}
