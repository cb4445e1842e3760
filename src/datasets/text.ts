import { placeholder } from "./scrub/placeholder.ts";

/** Two words that stand for a text; together they have 53 bits, so that a million texts hardly ever meet. */
export function hashText(text: string, seed = 0): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b >>> 0) * 2 ** 21 + (a >>> 11);
}

/** A number in [0, 1) that depends on the seed and the name alone. */
export function seededShare(seed: number, name: string): number {
  return hashText(`${seed}:${name}`) / 2 ** 53;
}

/**
 * A text without what does not tell two texts apart: case, width, accents' encoding, punctuation, space, and which of
 * the placeholders of one type it has.
 */
export function normaliseText(text: string): string {
  const normalised = text
    .replaceAll(placeholder, " $1 ")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  // Signs alone: then the signs are what tells.
  return normalised === "" ? text.trim() : normalised;
}
