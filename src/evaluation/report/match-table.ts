import type { EvaluationRow } from "../rows.ts";

/** A column of the flat table of matches. */
export interface MatchColumn {
  name: string;
  type: "STRING" | "INT32" | "DOUBLE";
  value(row: EvaluationRow): string | number | null;
}

const text = (name: string, value: (row: EvaluationRow) => string | undefined): MatchColumn => ({
  name,
  type: "STRING",
  value: (row) => value(row) ?? null,
});

const count = (name: string, value: (row: EvaluationRow) => number | undefined): MatchColumn => ({
  name,
  type: "INT32",
  value: (row) => value(row) ?? null,
});

const measure = (
  name: string,
  value: (row: EvaluationRow) => number | null | undefined,
): MatchColumn => ({ name, type: "DOUBLE", value: (row) => value(row) ?? null });

const outcomes = ["success", "blocked", "mitigated", "detected", "failed", "processed"] as const;

/** One row a match, flat: what CSV and Parquet files hold. Their names are the flows' own. */
export const matchColumns: readonly MatchColumn[] = [
  text("red_agent_id", (row) => row.redAgentId),
  text("blue_agent_id", (row) => row.blueAgentId),
  text("target_agent_id", (row) => row.targetAgentId),
  count("repetition", (row) => row.repetition),
  text("state", (row) => row.state),
  text("reason", (row) => row.reason),
  text("match_id", (row) => row.matchId),
  text("match_status", (row) => row.matchStatus),
  text("winner", (row) => row.winner),
  count("total_rounds", (row) => row.metrics?.totalRounds),
  count("attacks", (row) => row.metrics?.attacks),
  count("defenses", (row) => row.metrics?.defenses),
  count("target_responses", (row) => row.metrics?.targetResponses),
  ...outcomes.map((outcome) =>
    count(`outcome_${outcome}`, (row) => row.metrics?.attackOutcomes[outcome]),
  ),
  measure("attack_success_rate", (row) => row.metrics?.attackSuccessRate),
  measure("defense_success_rate", (row) => row.metrics?.defenseSuccessRate),
  measure("average_severity", (row) => row.metrics?.averageSeverity),
  measure("average_success_severity", (row) => row.metrics?.averageSuccessSeverity),
  count("critical_vulnerabilities", (row) => row.metrics?.criticalVulnerabilities),
  count("high_vulnerabilities", (row) => row.metrics?.highVulnerabilities),
  count("medium_vulnerabilities", (row) => row.metrics?.mediumVulnerabilities),
  count("low_vulnerabilities", (row) => row.metrics?.lowVulnerabilities),
  text(
    "attack_type_results",
    (row) => row.metrics && JSON.stringify(row.metrics.attackTypeResults),
  ),
  text("execution_id", (row) => row.executionId),
];
