import type { RatedMatch, Side } from "./arena-model.ts";

/** An agent whose maximum-likelihood rating is infinite, since it won, or lost, all against the others. */
export interface SeparatedAgent {
  side: Side;
  agent: string;
}

/**
 * Finds the agents that nothing ties to the rest: the graph "scored against" between red and blue agents
 * is not strongly connected, or all attacks on a target came out the same way. Empty when every rating is
 * finite.
 */
export function findSeparation(matches: readonly RatedMatch[]): SeparatedAgent[] {
  const edges = new Map<string, Set<string>>();
  const link = (from: string, to: string) => edges.get(from)?.add(to);
  for (const { red, blue } of matches) {
    edges.set(`red:${red}`, edges.get(`red:${red}`) ?? new Set());
    edges.set(`blue:${blue}`, edges.get(`blue:${blue}`) ?? new Set());
  }
  for (const { red, blue, successes, trials } of matches) {
    if (successes > 0) link(`red:${red}`, `blue:${blue}`);
    if (successes < trials) link(`blue:${blue}`, `red:${red}`);
  }
  const components = strongComponents(edges).sort(
    // The largest is what the others are separated from; by name, so that row order cannot matter.
    (a, b) => b.length - a.length || (a.toSorted().join() < b.toSorted().join() ? -1 : 1),
  );
  const separated = components.slice(1).flat().sort().map(parseNode);
  return [...separated, ...oneSidedTargets(matches)];
}

function oneSidedTargets(matches: readonly RatedMatch[]): SeparatedAgent[] {
  const totals = new Map<string, { successes: number; trials: number }>();
  for (const { target, successes, trials } of matches) {
    const total = totals.get(target) ?? { successes: 0, trials: 0 };
    totals.set(target, { successes: total.successes + successes, trials: total.trials + trials });
  }
  return [...totals]
    .filter(([, { successes, trials }]) => successes === 0 || successes === trials)
    .map(([agent]) => ({ side: "target" as const, agent }))
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
}

function parseNode(node: string): SeparatedAgent {
  const colon = node.indexOf(":");
  return { side: node.slice(0, colon) as Side, agent: node.slice(colon + 1) };
}

/** Kosaraju, without recursion: a batch may have thousands of agents. */
function strongComponents(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reverse = new Map([...edges.keys()].map((node) => [node, new Set<string>()]));
  for (const [from, targets] of edges) for (const to of targets) reverse.get(to)?.add(from);
  const seen = new Set<string>();
  const finished = [...edges.keys()].flatMap((node) => visit(node, edges, seen));
  const assigned = new Set<string>();
  return finished
    .reverse()
    .map((node) => visit(node, reverse, assigned))
    .filter((component) => component.length > 0);
}

/** Gives what can be reached from `start` and was not seen before, in the order in which it is left. */
function visit(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  seen: Set<string>,
): string[] {
  if (seen.has(start)) return [];
  seen.add(start);
  const left: string[] = [];
  const stack = [{ node: start, next: [...(edges.get(start) ?? [])] }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as { node: string; next: string[] };
    const next = top.next.pop();
    if (next === undefined) {
      left.push(top.node);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ node: next, next: [...(edges.get(next) ?? [])] });
    }
  }
  return left;
}
