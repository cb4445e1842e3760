import * as z from "zod";
import { lazy } from "../lazy.ts";
import type { AgentCombination } from "./batch-row.ts";
import type { Winner } from "./match-orchestration.ts";

/** The two agents that an agent plays with; its own id is absent. */
export interface Opponents {
  /** The attacking agent's UUID. */
  redAgentId?: string | undefined;
  /** The defending agent's UUID. */
  blueAgentId?: string | undefined;
  /** The UUID of the agent under attack. */
  targetAgentId?: string | undefined;
}

/** What one of the two agents' validation matches came to. */
export interface ComparedAgent {
  /** The agent. */
  agentId: string;
  /** Matches that were to be played. */
  matches: number;
  /** Matches with a result. */
  completed: number;
  /** Decided attacks in them. */
  attacks: number;
  /** Attacks that got through. */
  successes: number;
  /** Percent (0–100) of the decided attacks that got through; `null` when none was decided. */
  attackSuccessRate: number | null;
  /** Mean severity (0–10) over the successful attacks; `null` when there was none. */
  averageSuccessSeverity: number | null;
}

/** How the two agents fared against one pair of opponents. */
export interface ComparedPairing extends Opponents {
  /** Percent (0–100), as in {@link ComparedAgent}. */
  originalAttackSuccessRate: number | null;
  /** Percent (0–100), as in {@link ComparedAgent}. */
  candidateAttackSuccessRate: number | null;
}

/** One validation match: a result, or the reason why there is none. */
export interface ValidationMatch extends AgentCombination {
  /** Which of the two agents played. */
  side: "original" | "candidate";
  /** The pair of opponents, as its place in {@link FineTuningComparison.pairings}. */
  pair: number;
  /** Which match of that agent against that pair, from 1. */
  repetition: number;
  /** The state that the match's execution ended in. */
  state: string;
  /** Why there is no result, in words; absent when there is one. */
  reason?: string;
  /** The match in the arena, once it was created. */
  matchId?: string;
  /** The execution of `match-orchestration` that played it. */
  executionId?: string;
  /** Who won, by the backend's own scoring. */
  winner?: Winner;
  /** Decided attacks. */
  attacks?: number;
  /** Attacks that got through. */
  successes?: number;
  /** Mean severity (0–10) over the successful attacks. */
  averageSuccessSeverity?: number;
}

/**
 * The original and the candidate against the same opponents. Plain numbers: with few matches a difference may be
 * chance, which `kestra-arena/evaluation` tells.
 */
export interface FineTuningComparison {
  /** The agent as it was. */
  original: ComparedAgent;
  /** The agent with the new model. */
  candidate: ComparedAgent;
  /** Attack success rate of the candidate less that of the original, in percentage points; `null` when there is none. */
  difference: number | null;
  /** Who did better: a higher rate for a red agent, a lower one for blue and target; `null` when it cannot be told. */
  better: "candidate" | "original" | "equal" | null;
  /** A line a pair of opponents. */
  pairings: ComparedPairing[];
  /** Every validation match, in the order played. */
  matches: ValidationMatch[];
}

const count = () => z.number().int().min(0);
/** Kestra drops nulls from JSON outputs, so a value that may be null may also be absent. */
const rate = () =>
  z
    .number()
    .nullish()
    .transform((value) => value ?? null);
const agents = () => ({
  red_agent_id: z.string().nullish(),
  blue_agent_id: z.string().nullish(),
  target_agent_id: z.string().nullish(),
});

const comparedAgent = lazy(() =>
  z
    .object({
      agent_id: z.string(),
      matches: count(),
      completed: count(),
      attacks: count(),
      successes: count(),
      attack_success_rate: rate(),
      average_success_severity: rate(),
    })
    .transform(
      (wire): ComparedAgent => ({
        agentId: wire.agent_id,
        matches: wire.matches,
        completed: wire.completed,
        attacks: wire.attacks,
        successes: wire.successes,
        attackSuccessRate: wire.attack_success_rate,
        averageSuccessSeverity: wire.average_success_severity,
      }),
    ),
);

const comparedPairing = lazy(() =>
  z
    .object({
      ...agents(),
      original_attack_success_rate: rate(),
      candidate_attack_success_rate: rate(),
    })
    .transform(
      (wire): ComparedPairing => ({
        ...(wire.red_agent_id && { redAgentId: wire.red_agent_id }),
        ...(wire.blue_agent_id && { blueAgentId: wire.blue_agent_id }),
        ...(wire.target_agent_id && { targetAgentId: wire.target_agent_id }),
        originalAttackSuccessRate: wire.original_attack_success_rate,
        candidateAttackSuccessRate: wire.candidate_attack_success_rate,
      }),
    ),
);

const validationMatch = lazy(() =>
  z
    .object({
      red_agent_id: z.string(),
      blue_agent_id: z.string(),
      target_agent_id: z.string(),
      side: z.enum(["original", "candidate"]),
      pair: count(),
      repetition: z.number().int().min(1),
      state: z.string().min(1),
      reason: z.string().nullish(),
      match_id: z.string().nullish(),
      execution_id: z.string().nullish(),
      winner: z.enum(["red", "blue", "draw"]).nullish(),
      attacks: count().nullish(),
      successes: count().nullish(),
      average_success_severity: z.number().nullish(),
    })
    .transform(
      (wire): ValidationMatch => ({
        redAgentId: wire.red_agent_id,
        blueAgentId: wire.blue_agent_id,
        targetAgentId: wire.target_agent_id,
        side: wire.side,
        pair: wire.pair,
        repetition: wire.repetition,
        state: wire.state,
        ...(wire.reason != null && { reason: wire.reason }),
        ...(wire.match_id != null && { matchId: wire.match_id }),
        ...(wire.execution_id != null && { executionId: wire.execution_id }),
        ...(wire.winner != null && { winner: wire.winner }),
        ...(wire.attacks != null && { attacks: wire.attacks }),
        ...(wire.successes != null && { successes: wire.successes }),
        ...(wire.average_success_severity != null && {
          averageSuccessSeverity: wire.average_success_severity,
        }),
      }),
    ),
);

/** The flow's `comparison`, in its snake_case, to {@link FineTuningComparison}. */
export const fineTuningComparison = lazy(() =>
  z.object({
    original: comparedAgent(),
    candidate: comparedAgent(),
    difference: rate(),
    better: z
      .enum(["candidate", "original", "equal"])
      .nullish()
      .transform((value) => value ?? null),
    pairings: z.array(comparedPairing()),
    matches: z.array(validationMatch()),
  }),
);
