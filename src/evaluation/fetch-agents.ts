import { ArenaError } from "../errors.ts";
import { type AgentInfo, hashPrompt } from "./agents.ts";
import { type ArenaReaderOptions, readArena } from "./arena-reader.ts";

/**
 * Gives the backend's agents with their names, versions and the hashes of their prompts; the prompts
 * themselves are not kept. Feed them to `bySide` and `roundRobin`.
 *
 * @throws ArenaError when the backend cannot be reached or answers something else than a list of agents.
 */
export async function fetchAgents(options: ArenaReaderOptions = {}): Promise<AgentInfo[]> {
  const answer = await readArena("/api/agents", options);
  if (!Array.isArray(answer)) throw unexpected("a list");
  return answer.map(toAgent);
}

function toAgent(value: unknown): AgentInfo {
  const agent = (value ?? {}) as Record<string, unknown>;
  const { id, type, name, model, version, systemPrompt } = agent;
  if (typeof id !== "string") throw unexpected("agents with an id");
  if (type !== "red" && type !== "blue" && type !== "target") {
    throw unexpected(`agent ${id} with the type red, blue or target`);
  }
  return {
    id,
    type,
    ...(typeof name === "string" && { name }),
    ...(typeof model === "string" && { model }),
    ...(version !== undefined && version !== null && { version: String(version) }),
    ...(typeof systemPrompt === "string" && { promptHash: hashPrompt(systemPrompt) }),
  };
}

function unexpected(wanted: string): ArenaError {
  return new ArenaError("connection", `GET /api/agents of the arena did not answer ${wanted}.`);
}
