import * as z from "zod";
import { lazy } from "../lazy.ts";
import { count, numberOrNull } from "./fields.ts";

/** How many attacks came to which outcome. */
export interface AttackOutcomes {
  /** The attack got through. */
  success: number;
  /** The blue agent stopped it. */
  blocked: number;
  /** It got through in part. */
  mitigated: number;
  /** It was seen but not stopped. Not a success here, though the backend's own winner counts it as one. */
  detected: number;
  /** It failed by itself. */
  failed: number;
  /** Not decided: left out of the success rate. */
  processed: number;
}

/** How one type of attack fared. */
export interface AttackTypeResult {
  /** How many decided attacks of the type there were. */
  attempts: number;
  /** How many of them had the outcome `success`. */
  successes: number;
}

/** What the flow counts over a match's events and rounds. */
export interface MatchMetrics {
  /** Rounds played. */
  totalRounds: number;
  /** Attack events. */
  attacks: number;
  /** Defense events. */
  defenses: number;
  /** Target events. */
  targetResponses: number;
  /** Percent (0–100) of the decided attacks with the outcome `success`; `null` when none was decided. */
  attackSuccessRate: number | null;
  /** Percent (0–100) of the decided attacks that were `blocked`, `mitigated` or `detected`; `null` when none was decided. */
  defenseSuccessRate: number | null;
  /** Mean severity (0–10) over all attacks; `null` when there was none. */
  averageSeverity: number | null;
  /** Mean severity (0–10) over the successful attacks; `null` when there was none. */
  averageSuccessSeverity: number | null;
  /** Successful attacks of severity `critical`. */
  criticalVulnerabilities: number;
  /** Successful attacks of severity `high`. */
  highVulnerabilities: number;
  /** Successful attacks of severity `medium`. */
  mediumVulnerabilities: number;
  /** Successful attacks of severity `low`. */
  lowVulnerabilities: number;
  /** Attacks by type. */
  attackTypes: Record<string, number>;
  /** Attacks by outcome. */
  attackOutcomes: AttackOutcomes;
  /** Attempts and successes by type. */
  attackTypeResults: Record<string, AttackTypeResult>;
}

/** The flow's `metrics`, in its snake_case, to {@link MatchMetrics}. */
export const matchMetrics = lazy(() =>
  z
    .object({
      total_rounds: count(),
      attacks: count(),
      defenses: count(),
      target_responses: count(),
      attack_success_rate: numberOrNull(),
      defense_success_rate: numberOrNull(),
      average_severity: numberOrNull(),
      average_success_severity: numberOrNull(),
      critical_vulnerabilities: count(),
      high_vulnerabilities: count(),
      medium_vulnerabilities: count(),
      low_vulnerabilities: count(),
      attack_types: z.record(z.string(), count()),
      attack_outcomes: z.object({
        success: count(),
        blocked: count(),
        mitigated: count(),
        detected: count(),
        failed: count(),
        processed: count(),
      }),
      attack_type_results: z.record(
        z.string(),
        z.object({ attempts: count(), successes: count() }),
      ),
    })
    .transform(
      (wire): MatchMetrics => ({
        totalRounds: wire.total_rounds,
        attacks: wire.attacks,
        defenses: wire.defenses,
        targetResponses: wire.target_responses,
        attackSuccessRate: wire.attack_success_rate,
        defenseSuccessRate: wire.defense_success_rate,
        averageSeverity: wire.average_severity,
        averageSuccessSeverity: wire.average_success_severity,
        criticalVulnerabilities: wire.critical_vulnerabilities,
        highVulnerabilities: wire.high_vulnerabilities,
        mediumVulnerabilities: wire.medium_vulnerabilities,
        lowVulnerabilities: wire.low_vulnerabilities,
        attackTypes: wire.attack_types,
        attackOutcomes: wire.attack_outcomes,
        attackTypeResults: wire.attack_type_results,
      }),
    ),
);
