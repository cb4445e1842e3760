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

/**
 * A card begins and ends with a group of digits, so `4000 0000 0000 0002 1129` holds one. Every stretch that could be
 * one is told of: a number before a card may by chance make a valid one with the card's beginning.
 */
function* cardsInRun(run: string, offset: number): Generator<Finding, void, undefined> {
  const groups = [...run.matchAll(group)];
  const digits = groups.map(([text]) => text).join("");
  let from = 0;
  for (const [first, { index, 0: opening }] of groups.entries()) {
    let to = from;
    for (let last = first; last < groups.length && to - from <= longest; last += 1) {
      const { index: place = 0, 0: text = "" } = groups[last] ?? {};
      to += text.length;
      const isLengthFine = to - from >= shortest && to - from <= longest;
      if (isLengthFine && isCard(digits.slice(from, to))) {
        yield { start: offset + index, end: offset + place + text.length, type: "CARD" };
      }
    }
    from += opening.length;
  }
}

function isCard(digits: string): boolean {
  // One digit alone, zero for one, is always valid and never a card.
  return isLuhnValid(digits) && [...digits].some((digit) => digit !== digits[0]);
}
