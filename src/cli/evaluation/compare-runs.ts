import type { CompareOptions, StoredRun } from "../../evaluation/index.ts";

/** Compares two kept runs with what each knows of its agents. */
export async function compareRuns(
  baseline: StoredRun,
  candidate: StoredRun,
  options: CompareOptions,
) {
  const { compare } = await import("../../evaluation/index.ts");
  return compare(baseline.rows, candidate.rows, { ...agentsOf(baseline, candidate), ...options });
}

/** What a comparison is told of the agents of both runs. */
export function agentsOf(baseline: StoredRun, candidate: StoredRun): CompareOptions {
  return { baselineAgents: baseline.agents, agents: candidate.agents };
}
