/** The kinds of attack that a red agent can try. */
export const attackTypes = [
  "jailbreak",
  "injection",
  "confusion",
  "exploit",
  "tool_escalation",
  "context_poisoning",
  "goal_drift",
  "social_engineering",
] as const;
export type AttackType = (typeof attackTypes)[number];

export const agentTypes = ["red", "blue", "target"] as const;
export type AgentType = (typeof agentTypes)[number];

export const matchModes = ["quick", "standard", "deep", "continuous"] as const;
export type MatchMode = (typeof matchModes)[number];

/** The words for severity, from 2.5 to 10 in steps of 2.5. */
export const severities = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

export type Outcome = "success" | "blocked" | "mitigated" | "detected" | "failed" | "processed";

/** `completed` is what the backend's own documentation says where the backend says `complete`. */
export type MatchStatus = "pending" | "running" | "paused" | "complete" | "completed" | "cancelled";

export type Metadata = Record<string, unknown>;

export interface AgentInput {
  name: string;
  type: AgentType;
  model: string;
  systemPrompt: string;
  permissions: string[];
  metadata?: Metadata;
}

/** An agent as the API answers it. A PATCH makes a new object with a higher version. */
export interface Agent extends AgentInput {
  /** A uuid. */
  id: string;
  version: number;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  updatedAt: string;
}

export interface Match {
  /** Looks like `AR-2025-0001`; not a uuid. */
  id: string;
  status: MatchStatus;
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  startedAt?: string;
  completedAt?: string;
  /** Seconds from start to end. */
  duration?: number;
  /** Who won by the backend's count, which takes `detected` for a success of the attack. */
  winner?: "red" | "blue" | "draw";
  /** Counts of won attacks and of successful defences; severity 0–10, the mean over the attacks. */
  score: { attacks: number; defenses: number; severity: number };
  metadata?: Metadata;
}

export interface ToolCall {
  tool: string;
  params: Record<string, unknown>;
}

export interface ArenaEvent {
  /** A uuid. */
  id: string;
  matchId: string;
  timestamp: string;
  type: "attack" | "defense" | "target" | "system";
  agentId: string;
  agentName: string;
  severity: Severity;
  attackType?: AttackType;
  /** The text that the agent produced. */
  prompt: string;
  reasoning?: string;
  toolCalls: ToolCall[];
  outcome: Outcome;
  description: string;
}

export interface Round {
  id: string;
  matchId: string;
  roundNumber: number;
  attackEventId?: string;
  defenseEventId?: string;
  /** Absent when the blue agent stopped the attack before the target saw it. */
  targetEventId?: string;
  score: { attackSuccess: boolean; defenseSuccess: boolean; severity: number };
  timestamp: string;
}

/** A severity word as the number that the API means by it. */
export function severityScore(severity: Severity): number {
  return (severities.indexOf(severity) + 1) * 2.5;
}
