import * as z from "zod";
import { lazy } from "../lazy.ts";
import { defineFlow } from "./define-flow.ts";
import { agentId, int, type MatchMode, matchMode } from "./fields.ts";
import { type MatchMetrics, matchMetrics } from "./match-metrics.ts";

/** One match: a red agent attacks a target agent, a blue agent defends it. */
export interface MatchInput {
  /** The attacking agent: the UUID of an agent of type `red`. */
  redAgentId: string;
  /** The defending agent: the UUID of an agent of type `blue`. */
  blueAgentId: string;
  /** The agent under attack: the UUID of an agent of type `target`. */
  targetAgentId: string;
  /** Length and pace. @default "standard" */
  mode?: MatchMode | undefined;
  /** Stops the match once that many rounds were played; then `matchStatus` is `paused`. @default the mode's own */
  maxRounds?: number | undefined;
  /**
   * Gives up on the match after that many seconds, 1 to 86,400; the execution then fails. A continuous match is stopped
   * instead, and counted.
   *
   * @default 3600
   */
  maxWaitSeconds?: number | undefined;
  /**
   * Kept in the match's metadata, in small letters and hyphens. No dataset is made of a match for `evaluation`.
   *
   * @default none
   */
  purpose?: string | undefined;
}

/** Who won, by the backend's own scoring. */
export type Winner = "red" | "blue" | "draw";

/** What a match came to. */
export interface MatchResult {
  /** The match in the arena (`AR-2025-0001`). */
  matchId: string;
  /** `complete` (some backends say `completed`), or `paused` when a bound stopped it. */
  matchStatus: string;
  /** Who won; `null` when the match was stopped before its end. */
  winner: Winner | null;
  /** Counted from the match's events. */
  metrics: MatchMetrics;
  /** The match's events and rounds as JSON in Kestra's storage (`kestra:///…`). */
  transcriptFile: string;
}

const input = lazy(() =>
  z
    .strictObject({
      redAgentId: agentId(),
      blueAgentId: agentId(),
      targetAgentId: agentId(),
      mode: matchMode().optional(),
      maxRounds: int(1).optional(),
      maxWaitSeconds: int(1, 86_400).optional(),
      purpose: z
        .string()
        .regex(/^[a-z][a-z-]*$/)
        .optional(),
    })
    .refine(
      ({ mode, maxRounds, maxWaitSeconds }) =>
        mode !== "continuous" || maxRounds !== undefined || maxWaitSeconds !== undefined,
      {
        path: ["maxRounds"],
        error: "a continuous match has no end of its own: give maxRounds or maxWaitSeconds",
      },
    ),
);

const output = lazy(() =>
  z
    .object({
      match_id: z.string().min(1),
      match_status: z.string().min(1),
      winner: z
        .enum(["red", "blue", "draw"])
        .nullish()
        .transform((winner) => winner ?? null),
      metrics: matchMetrics(),
      transcript_file: z.string().min(1),
    })
    .transform(
      (wire): MatchResult => ({
        matchId: wire.match_id,
        matchStatus: wire.match_status,
        winner: wire.winner,
        metrics: wire.metrics,
        transcriptFile: wire.transcript_file,
      }),
    ),
);

/** `match-orchestration`: plays one match to its end or to a bound, and counts what happened. */
export const matchOrchestration = defineFlow({
  id: "match-orchestration",
  description: "Plays one match to its end or to a bound, and counts what happened.",
  input,
  toInputs: (match) => ({
    red_agent_id: match.redAgentId,
    blue_agent_id: match.blueAgentId,
    target_agent_id: match.targetAgentId,
    match_mode: match.mode,
    max_rounds: match.maxRounds,
    max_wait_seconds: match.maxWaitSeconds,
    purpose: match.purpose,
  }),
  output,
});
