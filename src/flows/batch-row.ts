import * as z from "zod";
import { lazy } from "../lazy.ts";
import { agentId } from "./fields.ts";
import { type MatchMetrics, matchMetrics } from "./match-metrics.ts";
import type { Winner } from "./match-orchestration.ts";

/** Who plays whom. */
export interface AgentCombination {
  /** The attacking agent: the UUID of an agent of type `red`. */
  redAgentId: string;
  /** The defending agent: the UUID of an agent of type `blue`. */
  blueAgentId: string;
  /** The agent under attack: the UUID of an agent of type `target`. */
  targetAgentId: string;
}

/** One match of a batch: a result, or the reason why there is none. */
export interface BatchRow extends AgentCombination {
  /** Which of the combination's matches, from 1. */
  repetition: number;
  /** The state that the match's execution ended in: `SUCCESS`, `WARNING`, `FAILED`, `KILLED`, …. */
  state: string;
  /** Why there is no result, in words; absent when there is one. */
  reason?: string;
  /** The match in the arena, once it was created. */
  matchId?: string;
  /** The match's last status in the arena. */
  matchStatus?: string;
  /** Who won, by the backend's own scoring. */
  winner?: Winner;
  /** What was counted over the match; absent without a result. */
  metrics?: MatchMetrics;
  /** The execution of `match-orchestration` that played it. */
  executionId?: string;
  /** The match's events and rounds as JSON in Kestra's storage. */
  transcriptFile?: string;
}

/** Who plays whom, as an input. */
export const agentCombination = lazy(() =>
  z.strictObject({ redAgentId: agentId(), blueAgentId: agentId(), targetAgentId: agentId() }),
);

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** A row of the flow's `rows_file`, in its snake_case, to {@link BatchRow}. */
export const batchRow = lazy(() =>
  z
    .object({
      red_agent_id: z.string(),
      blue_agent_id: z.string(),
      target_agent_id: z.string(),
      repetition: z.number().int().min(1),
      state: z.string().min(1),
      reason: optional(z.string()),
      match_id: optional(z.string()),
      match_status: optional(z.string()),
      winner: optional(z.enum(["red", "blue", "draw"])),
      metrics: optional(matchMetrics()),
      execution_id: optional(z.string()),
      transcript_file: optional(z.string()),
    })
    .transform(
      (wire): BatchRow => ({
        redAgentId: wire.red_agent_id,
        blueAgentId: wire.blue_agent_id,
        targetAgentId: wire.target_agent_id,
        repetition: wire.repetition,
        state: wire.state,
        ...(wire.reason !== undefined && { reason: wire.reason }),
        ...(wire.match_id !== undefined && { matchId: wire.match_id }),
        ...(wire.match_status !== undefined && { matchStatus: wire.match_status }),
        ...(wire.winner !== undefined && { winner: wire.winner }),
        ...(wire.metrics !== undefined && { metrics: wire.metrics }),
        ...(wire.execution_id !== undefined && { executionId: wire.execution_id }),
        ...(wire.transcript_file !== undefined && { transcriptFile: wire.transcript_file }),
      }),
    ),
);
