import { sha256 } from "./sha256.ts";
import type { Side } from "./statistics/arena-model.ts";

/** What an evaluation knows of an agent: no prompt, only its hash. */
export interface AgentInfo {
  /** The agent's UUID. */
  id: string;
  /** Its part in a match. */
  type: Side;
  /** Its name; reports fall back to the id. */
  name?: string;
  /** The language model behind it. */
  model?: string;
  /** The backend's version of the agent. */
  version?: string;
  /** SHA-256 of the system prompt, in hexadecimal: tells that an agent was edited. */
  promptHash?: string;
}

/** The agents of a matrix, a list a side. */
export interface Sides<Agent = string | AgentInfo> {
  /** Attackers. */
  red: readonly Agent[];
  /** Defenders. */
  blue: readonly Agent[];
  /** Agents under attack. */
  target: readonly Agent[];
}

/** Gives the agents by their part in a match, each side sorted by name. */
export function bySide(agents: readonly AgentInfo[]): Sides<AgentInfo> {
  const side = (type: Side) =>
    agents.filter((agent) => agent.type === type).sort((a, b) => compare(label(a), label(b)));
  return { red: side("red"), blue: side("blue"), target: side("target") };
}

/** Gives an agent's name, or its id when it has none. */
export function label(agent: AgentInfo): string {
  return agent.name ?? agent.id;
}

/** Gives the id of an agent that is named by id or in full. */
export function idOf(agent: string | AgentInfo): string {
  return typeof agent === "string" ? agent : agent.id;
}

/** Gives the SHA-256 of a system prompt, in hexadecimal. */
export function hashPrompt(prompt: string): string {
  return sha256(prompt);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
