import type { DatasetAgent } from "../types.ts";

/** How many events an answer was made from: the attack, and with the others what was said to it. */
export function eventsOfAnswer(agent: DatasetAgent): number {
  return agent === "red" ? 1 : 2;
}
