import type { Sample } from "../types.ts";

/** The little that is kept in memory of a sample; its texts are in the spool under the same number. */
export interface KeptSample {
  /** Its number in the spool. */
  number: number;
  matchId: string;
  attackType: string;
  isGood: boolean;
  /** How many events it was made from. */
  events: number;
  /** Decides who stays under a cap: by the seed and the text alone. */
  rank: number;
}

/** What stays in memory of a sample. Ids are interned by the caller: a match has dozens of samples. */
export function keepSample(sample: Sample, number: number, rank: number): KeptSample {
  const { matchId, attackType, isGood, events } = sample;
  return { number, matchId, attackType, isGood, events, rank };
}
