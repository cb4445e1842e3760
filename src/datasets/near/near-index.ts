import { signatureSize, similarity } from "./min-hash.ts";

/** Texts that are hardly different: at least this part of their shingles is the same. */
export const nearThreshold = 0.8;
/** 16 bands of 4: of two texts with a similarity of 0.8 it misses 2 in 10,000 pairs, of 0.9 about none. */
const bands = 16;
const rowsPerBand = signatureSize / bands;
/** How many texts of one bucket are looked at, newest first: a bucket of thousands holds near texts only. */
const maxLooks = 64;
const initialRows = 1024;

/**
 * Remembers texts by their signatures and finds those that are near to a new one, by locality-sensitive hashing.
 * Takes about 450 bytes a text, whatever its length.
 */
export class NearIndex {
  #size = 0;
  #signatures = new Uint32Array(initialRows * signatureSize);
  /** The text before in the same bucket, plus one; 0 where there is none. */
  #previous = new Uint32Array(initialRows * bands);
  /** The newest text of each bucket as `number * bands + band + 1`, by open addressing; 0 where it is free. */
  #heads = new Uint32Array(initialRows * bands * 2);
  #buckets = 0;

  /** How many texts it holds. */
  get size(): number {
    return this.#size;
  }

  /** Adds a text and gives its number: 0 for the first, then 1, … */
  add(signature: Uint32Array): number {
    const number = this.#size;
    this.#size += 1;
    this.#signatures = grown(this.#signatures, this.#size * signatureSize);
    this.#previous = grown(this.#previous, this.#size * bands);
    this.#signatures.set(signature, number * signatureSize);
    for (let band = 0; band < bands; band += 1) {
      const slot = this.#slot(signature, band);
      const head = this.#heads[slot] ?? 0;
      this.#previous[number * bands + band] = head === 0 ? 0 : numberOf(head) + 1;
      this.#heads[slot] = number * bands + band + 1;
      if (head === 0) this.#buckets += 1;
    }
    if (this.#buckets * 2 > this.#heads.length) this.#rehash();
    return number;
  }

  /** The numbers of the texts that are near to this one, each once, in no order. */
  *near(signature: Uint32Array, threshold = nearThreshold): Generator<number, void, undefined> {
    const seen = new Set<number>();
    for (let band = 0; band < bands; band += 1) {
      const head = this.#heads[this.#slot(signature, band)] ?? 0;
      let next = head === 0 ? 0 : numberOf(head) + 1;
      for (let looks = 0; next > 0 && looks < maxLooks; looks += 1) {
        const number = next - 1;
        next = this.#previous[number * bands + band] ?? 0;
        if (seen.has(number)) continue;
        seen.add(number);
        if (similarity(this.signature(number), signature) >= threshold) yield number;
      }
    }
  }

  /** The signature of a text that was added. */
  signature(number: number): Uint32Array {
    return this.#signatures.subarray(number * signatureSize, (number + 1) * signatureSize);
  }

  /** Where the bucket of this band is, or would be. */
  #slot(signature: Uint32Array, band: number): number {
    const mask = this.#heads.length - 1;
    const key = bandKey(signature, band);
    let slot = Math.imul(key ^ Math.imul(band + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const head = this.#heads[slot] ?? 0;
      if (head === 0) return slot;
      const isBand = (head - 1) % bands === band;
      if (isBand && bandKey(this.signature(numberOf(head)), band) === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(): void {
    const heads = this.#heads;
    this.#heads = new Uint32Array(heads.length * 2);
    for (const head of heads) {
      if (head === 0) continue;
      this.#heads[this.#slot(this.signature(numberOf(head)), (head - 1) % bands)] = head;
    }
  }
}

function numberOf(head: number): number {
  return Math.floor((head - 1) / bands);
}

function bandKey(signature: Uint32Array, band: number): number {
  let key = 0x811c9dc5;
  for (let row = band * rowsPerBand; row < (band + 1) * rowsPerBand; row += 1) {
    key = Math.imul(key ^ (signature[row] ?? 0), 0x01000193);
    key ^= key >>> 15;
  }
  return key;
}

function grown(array: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  if (size <= array.length) return array;
  const larger = new Uint32Array(Math.max(size, array.length * 2));
  larger.set(array);
  return larger;
}
