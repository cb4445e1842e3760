import { findPattern, type SyncDetector, wholeMatch } from "./detector.ts";

const token = /[A-Za-z0-9_+/-]{24,}={0,2}/g;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const hexKey = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i;
const bitsPerCharacter = 3.7;
/** The beginning tells: what is random stays so. */
const sampleLength = 256;

/** Finds what no word looks like: long tokens of mixed letters and digits with high entropy, and long hex numbers. */
export const randomTokens: SyncDetector = {
  name: "random-tokens",
  find: (text) =>
    findPattern(text, token, "SECRET", (match) => {
      const sample = match[0].slice(0, sampleLength);
      const isSecret = !uuid.test(sample) && (hexKey.test(sample) || isRandom(sample));
      return isSecret ? wholeMatch(match) : undefined;
    }),
};

function isRandom(sample: string): boolean {
  const hasAllKinds = /[a-z]/.test(sample) && /[A-Z]/.test(sample) && /\d/.test(sample);
  return hasAllKinds && entropy(sample) > bitsPerCharacter;
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
