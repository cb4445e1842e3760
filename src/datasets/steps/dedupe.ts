import { Clusters } from "../near/clusters.ts";
import { minHash } from "../near/min-hash.ts";
import { NearIndex, nearThreshold } from "../near/near-index.ts";
import { hashText, normaliseText } from "../text.ts";
import type { DatasetAgent, Sample } from "../types.ts";

/** Why a sample is a duplicate. */
export type DuplicateReason = "exact_duplicate" | "near_duplicate";

/** How duplicates are found. */
export interface DedupeOptions {
  /** Which agent is trained: it tells whether the attack is the prompt or the answer. */
  for: DatasetAgent;
  /** From this similarity on (0 to 1, Jaccard over groups of five letters) two texts are near. @default 0.8 */
  nearThreshold?: number | undefined;
}

/** What became of a sample: its number among those that are kept, or why it is not. */
export type Deduped = { number: number; key: number } | { reason: DuplicateReason };

/**
 * Keeps the first of several equal or near-equal samples, and remembers which of the kept ones have (nearly) the same
 * attack, so that these can be kept on one side of a split. Exact duplicates are found for certain, near ones by
 * MinHash: two in ten thousand pairs at the threshold are missed.
 */
export class Deduper {
  readonly #options: DedupeOptions;
  readonly #threshold: number;
  readonly #rows = new NearIndex();
  readonly #attacks: NearIndex;
  readonly #clusters = new Clusters();
  readonly #labels: boolean[] = [];
  /** The kept sample of each prompt and answer, whatever its label. */
  readonly #byText = new Map<number, number>();
  readonly #byAttack = new Map<number, number>();
  readonly #bothLabels = new Set<number>();

  constructor(options: DedupeOptions) {
    this.#options = options;
    this.#threshold = options.nearThreshold ?? nearThreshold;
    // A red agent's row is its attack: one index does for both.
    this.#attacks = options.for === "red" ? this.#rows : new NearIndex();
  }

  /** Tells whether the sample is new, and remembers it when it is. */
  add(sample: Sample): Deduped {
    const isRed = this.#options.for === "red";
    const attack = normaliseText(isRed ? sample.answer : sample.prompt);
    const text = isRed ? attack : `${attack}\n${normaliseText(sample.answer)}`;
    const key = hashText(text);
    const equal = this.#byText.get(key);
    if (equal !== undefined && this.#labels[equal] === sample.isGood) {
      return { reason: "exact_duplicate" };
    }
    const rowSignature = minHash(text);
    for (const other of this.#rows.near(rowSignature, this.#threshold)) {
      if (other !== equal && this.#labels[other] === sample.isGood) {
        return { reason: "near_duplicate" };
      }
    }

    const attackSignature = isRed ? rowSignature : minHash(attack);
    const neighbours = [...this.#attacks.near(attackSignature, this.#threshold)];
    const number = this.#rows.add(rowSignature);
    if (!isRed) this.#attacks.add(attackSignature);
    this.#labels.push(sample.isGood);
    this.#clusters.add();
    for (const other of neighbours) this.#clusters.join(number, other);
    this.#joinEqualAttacks(number, hashText(attack));
    if (equal === undefined) this.#byText.set(key, number);
    else this.#bothLabels.add(number).add(equal);
    return { number, key };
  }

  /** True for a sample whose very prompt and answer came under the other label too: neither can be believed. */
  hasBothLabels(number: number): boolean {
    return this.#bothLabels.has(number);
  }

  /** The group of samples with (nearly) the same attack, as the number of its oldest. */
  attackGroup(number: number): number {
    return this.#clusters.rootOf(number);
  }

  /** The signature of a sample's attack. */
  attackSignature(number: number): Uint32Array {
    return this.#attacks.signature(number);
  }

  #joinEqualAttacks(number: number, hash: number): void {
    const first = this.#byAttack.get(hash);
    if (first === undefined) this.#byAttack.set(hash, number);
    else this.#clusters.join(number, first);
  }
}
