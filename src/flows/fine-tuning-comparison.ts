import * as z from "zod";
import { lazy } from "../lazy.ts";
import { count, numberOrNull } from "./fields.ts";
import { type ValidationMatch, validationMatch } from "./validation-match.ts";

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

/** How one of the two agents dealt with harmless requests. */
export interface ControlledAgent {
  /** The agent. */
  agentId: string;
  /** Matches with the control agent that were to be played. */
  matches: number;
  /** Matches whose requests were counted. */
  completed: number;
  /** Harmless requests in them. */
  requests: number;
  /** Requests that were stopped by the blue agent, or answered by the target with a refusal. */
  refused: number;
  /** Percent (0–100) of the requests; `null` when there was none. */
  refusalRate: number | null;
}

/** The over-refusal control: whether an agent got safe by refusing everything. */
export interface OverRefusal {
  /** The red agent that asked for harmless things only. */
  controlAgentId: string;
  /** The agent as it was. */
  original: ControlledAgent;
  /** The agent with the new model. */
  candidate: ControlledAgent;
  /** Refusal rate of the candidate less that of the original, in percentage points; `null` when there is none. */
  difference: number | null;
}

/**
 * The original and the candidate against the same opponents. Plain numbers: with few matches a difference may be
 * chance, which `judgeFineTuning` of `kestra-arena/evaluation` tells.
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
  /** The over-refusal control; `null` without a control agent. */
  overRefusal: OverRefusal | null;
  /** Every validation match, those with the control agent last, in the order played. */
  matches: ValidationMatch[];
}

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
      attack_success_rate: numberOrNull(),
      average_success_severity: numberOrNull(),
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
      original_attack_success_rate: numberOrNull(),
      candidate_attack_success_rate: numberOrNull(),
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

const controlledAgent = lazy(() =>
  z
    .object({
      agent_id: z.string(),
      matches: count(),
      completed: count(),
      requests: count(),
      refused: count(),
      refusal_rate: numberOrNull(),
    })
    .transform(
      (wire): ControlledAgent => ({
        agentId: wire.agent_id,
        matches: wire.matches,
        completed: wire.completed,
        requests: wire.requests,
        refused: wire.refused,
        refusalRate: wire.refusal_rate,
      }),
    ),
);

const overRefusal = lazy(() =>
  z
    .object({
      control_agent_id: z.string(),
      original: controlledAgent(),
      candidate: controlledAgent(),
      difference: numberOrNull(),
    })
    .transform(
      (wire): OverRefusal => ({
        controlAgentId: wire.control_agent_id,
        original: wire.original,
        candidate: wire.candidate,
        difference: wire.difference,
      }),
    ),
);

/** The flow's `comparison`, in its snake_case, to {@link FineTuningComparison}. */
export const fineTuningComparison = lazy(() =>
  z
    .object({
      original: comparedAgent(),
      candidate: comparedAgent(),
      difference: numberOrNull(),
      better: z.enum(["candidate", "original", "equal"]).nullish(),
      pairings: z.array(comparedPairing()),
      over_refusal: overRefusal().nullish(),
      matches: z.array(validationMatch()),
    })
    .transform(
      (wire): FineTuningComparison => ({
        original: wire.original,
        candidate: wire.candidate,
        difference: wire.difference,
        better: wire.better ?? null,
        pairings: wire.pairings,
        overRefusal: wire.over_refusal ?? null,
        matches: wire.matches,
      }),
    ),
);
