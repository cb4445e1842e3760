import type { Finding, SyncDetector } from "./detector.ts";
import { isLuhnValid } from "./luhn.ts";

const shortest = 13;
const longest = 19;
// One way only to read each character, so that a long run of digits costs one pass.
const digitRun = /\d(?:[ .-]{0,2}\d){12,}/g;
const group = /\d+/g;

/** Finds payment card numbers: 13 to 19 digits, alone or in groups, whose check digit is right. */
export const cards: SyncDetector = {
  name: "cards",
  *find(text) {
    for (const run of text.matchAll(digitRun)) yield* cardsInRun(run[0], run.index);
  },
};

/** A card begins and ends with a group of digits, so `4000 0000 0000 0002 1129` holds one. */
function* cardsInRun(run: string, offset: number): Generator<Finding, void, undefined> {
  const groups = [...run.matchAll(group)].map(({ 0: digits, index }) => ({
    start: index,
    end: index + digits.length,
    digits: digits.length,
  }));
  let first = 0;
  while (first < groups.length) {
    const last = lastGroupOfCard(run, groups, first);
    const [from, to] = [groups[first], groups[last ?? -1]];
    if (from !== undefined && to !== undefined) {
      yield { start: offset + from.start, end: offset + to.end, type: "CARD" };
    }
    first = (last ?? first) + 1;
  }
}

function lastGroupOfCard(
  run: string,
  groups: readonly { start: number; end: number; digits: number }[],
  first: number,
): number | undefined {
  const start = groups[first]?.start ?? 0;
  let digits = 0;
  for (let last = first; last < groups.length; last += 1) {
    const part = groups[last];
    digits += part?.digits ?? 0;
    if (digits > longest) return undefined;
    if (digits < shortest) continue;
    const number = run.slice(start, part?.end);
    if (isLuhnValid(number) && !/^(\d)(?:\D*\1)*$/.test(number)) return last;
  }
  return undefined;
}
