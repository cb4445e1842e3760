/** How many numbers a signature has: the estimate of a similarity of 0.8 is off by 0.05 on average. */
export const signatureSize = 64;
/** Letters a shingle. Of letters, not words: not every language puts spaces between words. */
const shingleSize = 5;

const multipliers = seeds(0x9e3779b1, (seed) => seed | 1);
const offsets = seeds(0x85ebca77, (seed) => seed);

/**
 * The text's MinHash signature: two signatures agree in about as many places as the texts share shingles (Jaccard).
 * The text should be normalised.
 */
export function minHash(text: string): Uint32Array {
  const signature = new Uint32Array(signatureSize).fill(0xffffffff);
  const last = Math.max(0, text.length - shingleSize);
  const seen = new Set<number>();
  for (let start = 0; start <= last; start += 1) {
    const shingle = hashShingle(text, start);
    if (seen.has(shingle)) continue;
    seen.add(shingle);
    for (let index = 0; index < signatureSize; index += 1) {
      const mixed = Math.imul(shingle ^ (offsets[index] as number), multipliers[index] as number);
      const value = (mixed ^ (mixed >>> 15)) >>> 0;
      if (value < (signature[index] as number)) signature[index] = value;
    }
  }
  return signature;
}

/** How alike two texts are by their signatures, 0 to 1. */
export function similarity(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let index = 0; index < signatureSize; index += 1) if (a[index] === b[index]) equal += 1;
  return equal / signatureSize;
}

function hashShingle(text: string, start: number): number {
  let hash = 0x811c9dc5;
  const end = Math.min(text.length, start + shingleSize);
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function seeds(first: number, finish: (seed: number) => number): Uint32Array {
  let state = first;
  return Uint32Array.from({ length: signatureSize }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    state ^= state >>> 12;
    return finish(state) >>> 0;
  });
}
