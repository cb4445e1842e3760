import { uuidFrom } from "./random.ts";
import type { Agent, AgentInput, AgentType } from "./types.ts";

export interface AgentStore {
  /** Adds an agent; its id follows from the seed, its content and how many equal ones there were. */
  create(input: AgentInput, createdAt: string): Agent;
  list(type?: AgentType): Agent[];
  get(id: string): Agent | undefined;
  /** Makes the next version, or gives nothing when there is no such agent. */
  update(id: string, changes: Partial<AgentInput>, updatedAt: string): Agent | undefined;
  /** Says whether there was one. */
  remove(id: string): boolean;
}

export function createAgentStore(seed: number): AgentStore {
  const agents = new Map<string, Agent>();
  const copies = new Map<string, number>();

  return {
    create(input, createdAt) {
      const content = JSON.stringify([input.type, input.name, input.model, input.systemPrompt]);
      const copy = copies.get(content) ?? 0;
      copies.set(content, copy + 1);
      const id = uuidFrom(seed, "agent", content, copy);
      const agent: Agent = { id, ...input, version: 1, createdAt, updatedAt: createdAt };
      agents.set(id, agent);
      return agent;
    },
    list: (type) =>
      [...agents.values()].filter((agent) => type === undefined || agent.type === type),
    get: (id) => agents.get(id),
    update(id, changes, updatedAt) {
      const agent = agents.get(id);
      if (agent === undefined) return undefined;
      const next: Agent = { ...agent, ...changes, version: agent.version + 1, updatedAt };
      agents.set(id, next);
      return next;
    },
    remove: (id) => agents.delete(id),
  };
}
