import type { EvaluationRow } from "../../../src/evaluation/rows.ts";
import { seededRandom } from "../../../src/evaluation/statistics/random.ts";
import type { AttackOutcomes, MatchMetrics } from "../../../src/flows/match-metrics.ts";

const none: AttackOutcomes = {
  success: 0,
  blocked: 0,
  mitigated: 0,
  detected: 0,
  failed: 0,
  processed: 0,
};

/** Metrics of a match with these outcomes, all attacks of one type and what got through of severity high. */
export function metricsOf(
  outcomes: Partial<AttackOutcomes>,
  types?: MatchMetrics["attackTypeResults"],
): MatchMetrics {
  const attackOutcomes = { ...none, ...outcomes };
  const attacks = Object.values(attackOutcomes).reduce((a, b) => a + b, 0);
  const decided = attacks - attackOutcomes.processed;
  const { success } = attackOutcomes;
  return {
    totalRounds: attacks,
    attacks,
    defenses: attacks,
    targetResponses: attacks,
    attackSuccessRate: decided === 0 ? null : (100 * success) / decided,
    defenseSuccessRate: decided === 0 ? null : (100 * (decided - success)) / decided,
    averageSeverity: 7.5,
    averageSuccessSeverity: success === 0 ? null : 7.5,
    criticalVulnerabilities: 0,
    highVulnerabilities: success,
    mediumVulnerabilities: 0,
    lowVulnerabilities: 0,
    attackTypes: { jailbreak: attacks },
    attackOutcomes,
    attackTypeResults: types ?? { jailbreak: { attempts: decided, successes: success } },
  };
}

/** A played row: `success` of `attacks`, the others blocked. */
export function row(
  [redAgentId, blueAgentId, targetAgentId]: readonly [string, string, string],
  repetition: number,
  success: number,
  attacks = 20,
  more: Partial<EvaluationRow> = {},
): EvaluationRow {
  return {
    redAgentId,
    blueAgentId,
    targetAgentId,
    repetition,
    state: "SUCCESS",
    matchId: `AR-${redAgentId}-${blueAgentId}-${targetAgentId}-${repetition}`,
    matchStatus: "complete",
    winner: success * 2 > attacks ? "red" : "blue",
    metrics: metricsOf({ success, blocked: attacks - success }),
    executionId: `exec-${repetition}`,
    ...more,
  };
}

/** A row of a match that came to nothing. */
export function lostRow(
  [redAgentId, blueAgentId, targetAgentId]: readonly [string, string, string],
  repetition: number,
  state = "FAILED",
  reason = "the arena did not answer",
): EvaluationRow {
  return { redAgentId, blueAgentId, targetAgentId, repetition, state, reason };
}

/** What a simulated batch is made of: strengths in logits. */
export interface BatchTruth {
  red: Record<string, number>;
  blue: Record<string, number>;
  target: Record<string, number>;
}

/** A seeded batch whose attacks of one match are alike. */
export function simulateRows(
  truth: BatchTruth,
  { repetitions = 3, attacks = 20, seed = 1, matchDeviation = 0.5 } = {},
): EvaluationRow[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Object.entries(truth.red).flatMap(([red, r]) =>
    Object.entries(truth.blue).flatMap(([blue, b]) =>
      Object.entries(truth.target).flatMap(([target, t]) =>
        Array.from({ length: repetitions }, (_, index) => {
          const logit = r - b + t + matchDeviation * normal();
          const p = 1 / (1 + Math.exp(-logit));
          const successes = Array.from({ length: attacks }, () => random() < p);
          return row([red, blue, target], index + 1, successes.filter(Boolean).length, attacks);
        }),
      ),
    ),
  );
}

export const truth: BatchTruth = {
  red: { r1: 0.8, r2: 0, r3: -0.8 },
  blue: { b1: 0.6, b2: -0.6 },
  target: { t1: 0.3, t2: -0.3 },
};
