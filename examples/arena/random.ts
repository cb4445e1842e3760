import { hash } from "node:crypto";

/** A seeded source of random values: the same key gives the same values in the same order. */
export interface Random {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from 0 (inclusive) to `below` (exclusive). */
  integer(below: number): number;
  /** One item of a list that has at least one. */
  pick<Item>(items: readonly Item[]): Item;
  /** True with this probability (0–1). */
  chance(probability: number): boolean;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** The index of a weight, drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number;
}

/** Makes a random source out of a key, so that no draw depends on what was drawn elsewhere. */
export function createRandom(...key: readonly (string | number)[]): Random {
  const next = mulberry32(hashText(key.join("/")));
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    pick: <Item>(items: readonly Item[]) => items[Math.floor(next() * items.length)] as Item,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    weighted(weights) {
      let rest = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => {
        rest -= weight;
        return rest < 0;
      });
      return index < 0 ? weights.length - 1 : index;
    },
  };
}

/** A uuid of version 4's shape that depends on the key alone. */
export function uuidFrom(...key: readonly (string | number)[]): string {
  // 32 bits of our own hash would collide among the events of a large batch.
  const hex = hash("sha256", key.join("/"), "hex");
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A 32-bit hash of a text: FNV-1a, then Murmur's finish so that similar keys do not give similar seeds. */
function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
