import type { AgentInfo } from "../agents.ts";
import type { EvaluationMatrix } from "../plan.ts";
import type { EvaluationRow } from "../rows.ts";
import { sha256 } from "../sha256.ts";

/** A match of a matrix, known by its content. */
export interface PlannedMatch {
  /** SHA-256 over the agents with their versions, models and prompts, the mode and the repetition. */
  identity: string;
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  /** From 1. */
  repetition: number;
}

/**
 * Gives every match of a matrix with its content's hash: the same match has the same one in every matrix, and
 * an edited agent gives its matches another one.
 */
export function planMatches(
  matrix: EvaluationMatrix,
  agents: readonly AgentInfo[],
): PlannedMatch[] {
  const { combinations, matchesPerCombination = 3, mode = "standard", maxRounds = null } = matrix;
  const known = new Map(agents.map((agent) => [agent.id, agent]));
  const content = (id: string) => {
    const { version = null, model = null, promptHash = null } = known.get(id) ?? {};
    return [id, version, model, promptHash];
  };
  return combinations.flatMap(({ redAgentId, blueAgentId, targetAgentId }) => {
    const parts = [content(redAgentId), content(blueAgentId), content(targetAgentId)];
    return Array.from({ length: matchesPerCombination }, (_, index) => {
      const repetition = index + 1;
      const identity = sha256(JSON.stringify([parts, mode, maxRounds, repetition]));
      return { identity, redAgentId, blueAgentId, targetAgentId, repetition };
    });
  });
}

/** Gives the rows of planned matches by their identities, in the plan's order; one without a row says why. */
export function plannedRows(
  planned: readonly PlannedMatch[],
  rows: ReadonlyMap<string, EvaluationRow>,
  reason: string,
): EvaluationRow[] {
  return planned.map(({ identity, ...match }) => {
    const row = rows.get(identity);
    // A row that was noted under another repetition of its cell is this one's now.
    if (row) return { ...row, repetition: match.repetition };
    return { ...match, state: "NEVER_PLAYED", reason };
  });
}
