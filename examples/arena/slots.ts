import { cities, items, people, tools } from "./phrases/attacks.ts";
import type { Random } from "./random.ts";

/** What goes into the gaps of a phrase, by the gap's name. */
export type Slots = Record<string, string>;

export function drawSlots(random: Random): Slots {
  return {
    item: random.pick(items),
    order: orderNumber(random),
    name: random.pick(people),
    city: random.pick(cities),
    tool: random.pick(tools),
    amount: String(5 + random.integer(90)),
  };
}

/** Fills `{gaps}`; what is no gap's name stays as it is. */
export function fillSlots(slots: Slots, text: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);
}

export function orderNumber(random: Random): string {
  return `LF-${10_000 + random.integer(90_000)}`;
}
