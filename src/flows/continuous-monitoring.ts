import * as z from "zod";
import { lazy } from "../lazy.ts";
import { defineFlow } from "./define-flow.ts";
import { agentId, int } from "./fields.ts";
import { type MatchMetrics, matchMetrics } from "./match-metrics.ts";

/** One check of one target. */
export interface MonitoringInput {
  /** The agent that is watched: the UUID of an agent of type `target`. */
  targetAgentId: string;
  /**
   * How far the checks are apart, 1 to 1,440 minutes. After a gap of more than three of these, the checks in a row are
   * counted anew. It starts no check: `client.monitorTarget` does.
   *
   * @default 60
   */
  monitoringIntervalMinutes?: number | undefined;
  /** A check is over when the mean severity (0–10) of the attacks that got through reaches this. @default 8 */
  alertThresholdSeverity?: number | undefined;
  /** Always this attacker. @default the arena's red agents in turn */
  redAgentId?: string | undefined;
  /** Always this defender. @default the arena's blue agents in turn */
  blueAgentId?: string | undefined;
  /** Length and pace of the match. @default "standard" */
  mode?: "quick" | "standard" | "deep" | undefined;
  /** Gives up on a match after that many seconds, 1 to 86,400; the check then fails. @default 3600 */
  maxWaitSeconds?: number | undefined;
}

/** What a check did about the incident: nothing, raised an alert, or sent that it is over. */
export type MonitoringEvent = "none" | "raised" | "resolved";

/** What one check of a target came to. */
export interface MonitoringResult {
  /** The match that was played. */
  matchId: string;
  /** Mean severity (0–10) of the attacks that got through; 0 when none did. */
  severity: number;
  /** What was counted over the match. */
  metrics: MatchMetrics;
  /** `raised` when an incident began with this check, `resolved` when one ended with it. */
  event: MonitoringEvent;
  /** The incident that is on; `undefined` in quiet times. */
  incidentId: string | undefined;
  /** How many checks of this target there were so far. */
  checks: number;
  /** How many alerts could not be delivered yet; they are tried again at the next check. */
  undeliveredAlerts: number;
}

const input = lazy(() =>
  z.strictObject({
    targetAgentId: agentId(),
    monitoringIntervalMinutes: int(1, 1_440).optional(),
    alertThresholdSeverity: z.number().min(0).max(10).optional(),
    redAgentId: agentId().optional(),
    blueAgentId: agentId().optional(),
    mode: z.enum(["quick", "standard", "deep"]).optional(),
    maxWaitSeconds: int(1, 86_400).optional(),
  }),
);

const output = lazy(() =>
  z
    .object({
      match_id: z.string().min(1),
      severity: z.number(),
      metrics: matchMetrics(),
      event: z.enum(["none", "raised", "resolved"]),
      incident_id: z.string().nullish(),
      checks: z.number().int(),
      undelivered_alerts: z.number().int(),
    })
    .transform(
      (wire): MonitoringResult => ({
        matchId: wire.match_id,
        severity: wire.severity,
        metrics: wire.metrics,
        event: wire.event,
        incidentId: wire.incident_id ?? undefined,
        checks: wire.checks,
        undeliveredAlerts: wire.undelivered_alerts,
      }),
    ),
);

/** `continuous-monitoring`: one check of one target, with an alert an incident. */
export const continuousMonitoring = defineFlow({
  id: "continuous-monitoring",
  description: "Plays a match against a target, and alerts once an incident.",
  input,
  toInputs: (check) => ({
    target_agent_id: check.targetAgentId,
    monitoring_interval_minutes: check.monitoringIntervalMinutes,
    alert_threshold_severity: check.alertThresholdSeverity,
    red_agent_id: check.redAgentId,
    blue_agent_id: check.blueAgentId,
    match_mode: check.mode,
    max_wait_seconds: check.maxWaitSeconds,
  }),
  output,
});
