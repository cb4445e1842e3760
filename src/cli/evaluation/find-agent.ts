import type { AgentInfo } from "../../evaluation/index.ts";
import { UsageError } from "../exit-codes.ts";
import { plain } from "../output.ts";

type Side = "red" | "blue" | "target";

/** Gives the id of an agent of a side that is named by its id or its name. @throws UsageError */
export type AgentFinder = (side: Side, named: string) => string;

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Finds among the arena's agents; without them an id is taken as it is, and a name cannot be known. */
export function agentFinder(agents: readonly AgentInfo[] | undefined): AgentFinder {
  return (side, named) => {
    if (agents === undefined) {
      if (uuid.test(named)) return named;
      throw new UsageError(`${named} is no agent's id, and without the arena no name is known.`);
    }
    const own = agents.filter(({ type }) => type === side);
    const found = own.filter(({ id, name }) => id === named || name === named);
    const [agent] = found;
    if (agent !== undefined && found.length === 1) return agent.id;
    if (agent !== undefined) {
      const ids = found.map(({ id }) => id).join(", ");
      throw new UsageError(
        `${found.length} ${side} agents are called ${named}. Name one by id: ${ids}.`,
      );
    }
    const other = agents.find(({ id, name }) => id === named || name === named);
    throw new UsageError(
      other === undefined
        ? `The arena has no ${side} agent ${named}. It has: ${listed(own)}.`
        : `${named} is a ${other.type} agent, not a ${side} one.`,
    );
  };
}

function listed(agents: readonly AgentInfo[]): string {
  const names = agents.slice(0, 20).map(({ id, name }) => plain(name ?? id));
  const more = agents.length - names.length;
  return `${names.join(", ") || "none"}${more > 0 ? ` and ${more} more` : ""}`;
}
