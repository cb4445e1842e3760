/** Batches: their rows are of the combinations asked for, and their counts are of the rows. */
import type { BatchResult, CombinationSummary } from "../flows/batch-evaluation.ts";
import type { AgentCombination, BatchRow } from "../flows/batch-row.ts";
import type { ScheduledMatchesResult } from "../flows/scheduled-matches.ts";
import type { FakeStart, PartOf } from "./outcomes.ts";
import { fileOf, matchIdOf, plausibleMetrics } from "./plausible-results.ts";

/** A batch in which blue won every match, or whose rows are given. */
export function plausibleBatch(start: FakeStart, given: PartOf<BatchResult>): BatchResult {
  const rows = given.rows ?? combinationsOf(start).flatMap((agents) => rowsOf(start, agents));
  return {
    totalMatches: rows.length,
    completedMatches: rows.filter(({ metrics }) => metrics !== undefined).length,
    aggregatedResults: summarise(rows),
    rowsFile: fileOf(start, "rows.jsonl"),
    ...given,
    rows,
  };
}

/** One run of a schedule, as {@link plausibleBatch}. */
export function plausibleTick(
  start: FakeStart,
  given: PartOf<ScheduledMatchesResult>,
): ScheduledMatchesResult {
  return {
    tick: new Date(0).toISOString(),
    agentCombinations: combinationsOf(start),
    batchId: start.executionId,
    ...given,
    ...plausibleBatch(start, given),
  };
}

function combinationsOf({ inputs }: FakeStart): AgentCombination[] {
  const given = inputs.agent_combinations;
  return (Array.isArray(given) ? given : []).map((wire) => ({
    redAgentId: String(wire.red_agent_id),
    blueAgentId: String(wire.blue_agent_id),
    targetAgentId: String(wire.target_agent_id),
  }));
}

function rowsOf({ inputs, flowId }: FakeStart, agents: AgentCombination): BatchRow[] {
  const usual = flowId === "batch-evaluation" ? 3 : 1;
  const length = Number(inputs.matches_per_combination ?? usual);
  return Array.from({ length }, (_, index) => ({
    ...agents,
    repetition: index + 1,
    state: "SUCCESS",
    matchId: matchIdOf(index + 1),
    matchStatus: "complete",
    winner: "blue" as const,
    metrics: plausibleMetrics,
  }));
}

function summarise(rows: readonly BatchRow[]): CombinationSummary[] {
  const keyOf = (row: AgentCombination) =>
    `${row.redAgentId} ${row.blueAgentId} ${row.targetAgentId}`;
  const groups = Map.groupBy(rows, keyOf);
  return [...groups.values()].map((group) => {
    const { redAgentId, blueAgentId, targetAgentId } = group[0] as BatchRow;
    const wonBy = (winner: string) => group.filter((row) => row.winner === winner).length;
    const sum = (value: (row: BatchRow) => number | null | undefined) =>
      group.reduce((total, row) => total + (value(row) ?? 0), 0);
    const successes = sum(({ metrics }) => metrics?.attackOutcomes.success);
    const attacks = sum(
      ({ metrics }) => metrics && metrics.attacks - metrics.attackOutcomes.processed,
    );
    const severity = sum(
      ({ metrics }) =>
        metrics && metrics.attackOutcomes.success * (metrics.averageSuccessSeverity ?? 0),
    );
    return {
      redAgentId,
      blueAgentId,
      targetAgentId,
      matches: group.length,
      completed: group.filter(({ metrics }) => metrics !== undefined).length,
      redWins: wonBy("red"),
      blueWins: wonBy("blue"),
      draws: wonBy("draw"),
      attacks,
      successes,
      attackSuccessRate: attacks === 0 ? null : (100 * successes) / attacks,
      averageSuccessSeverity: successes === 0 ? null : severity / successes,
    };
  });
}
