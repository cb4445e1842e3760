import { InputError } from "../errors.ts";
import type { AgentCombination } from "../flows/batch-row.ts";
import { idOf, type Sides } from "./agents.ts";
import { latinTriples } from "./statistics/latin.ts";

/** Options of {@link roundRobin} and {@link latin}. */
export interface CombinationOptions {
  /** Keeps a combination when it answers true. @default all are kept */
  where?: (combination: AgentCombination) => boolean;
}

/**
 * Gives every red against every blue on every target.
 *
 * @throws InputError when a side is empty or nothing passes the filter.
 */
export function roundRobin(sides: Sides, options: CombinationOptions = {}): AgentCombination[] {
  const { red, blue, target } = checkedIds(sides);
  const all = red.flatMap((redAgentId) =>
    blue.flatMap((blueAgentId) =>
      target.map((targetAgentId) => ({ redAgentId, blueAgentId, targetAgentId })),
    ),
  );
  return filtered(all, options);
}

/**
 * Gives a Latin design: every two agents of different sides meet at least once (exactly once when the sides
 * are of one size n), in about n² combinations instead of n³.
 *
 * @throws InputError when a side is empty or nothing passes the filter.
 */
export function latin(sides: Sides, options: CombinationOptions = {}): AgentCombination[] {
  const { red, blue, target } = checkedIds(sides);
  const pick = (ids: readonly string[], index: number) => ids[index % ids.length] as string;
  const triples = latinTriples(Math.max(red.length, blue.length, target.length));
  const all = triples.map(([i, j, k]) => ({
    redAgentId: pick(red, i),
    blueAgentId: pick(blue, j),
    targetAgentId: pick(target, k),
  }));
  return filtered(unique(all), options);
}

/**
 * Gives the combinations of an explicit list, once each and in its order.
 *
 * @throws InputError when nothing is listed.
 */
export function explicit(
  combinations: readonly AgentCombination[],
  options: CombinationOptions = {},
): AgentCombination[] {
  return filtered(unique(combinations), options);
}

/** Gives one string a cell (red, blue, target); ids may hold any character. */
export function cellKey(combination: AgentCombination): string {
  const { redAgentId, blueAgentId, targetAgentId } = combination;
  return JSON.stringify([redAgentId, blueAgentId, targetAgentId]);
}

/** Gives the combination that {@link cellKey} made a key of. */
export function combinationOf(cell: string): AgentCombination {
  const [redAgentId, blueAgentId, targetAgentId] = JSON.parse(cell) as [string, string, string];
  return { redAgentId, blueAgentId, targetAgentId };
}

function checkedIds(sides: Sides): Sides<string> {
  const issues = (["red", "blue", "target"] as const)
    .filter((side) => sides[side].length === 0)
    .map((side) => ({ path: [side], message: `name at least one ${side} agent` }));
  if (issues.length > 0) throw new InputError("The sides of an evaluation", issues);
  const ids = (side: keyof Sides) => [...new Set(sides[side].map(idOf))];
  return { red: ids("red"), blue: ids("blue"), target: ids("target") };
}

function filtered(
  combinations: AgentCombination[],
  { where }: CombinationOptions,
): AgentCombination[] {
  const kept = where === undefined ? combinations : combinations.filter(where);
  if (kept.length > 0) return kept;
  const message =
    combinations.length === 0 ? "list at least one" : `none of ${combinations.length} passes where`;
  throw new InputError("The combinations of an evaluation", [{ path: [], message }]);
}

function unique(combinations: readonly AgentCombination[]): AgentCombination[] {
  const cells = new Map<string, AgentCombination>();
  for (const combination of combinations) {
    const key = cellKey(combination);
    if (!cells.has(key)) cells.set(key, combination);
  }
  return [...cells.values()];
}
