import type { Finding, SyncDetector } from "./detector.ts";

/**
 * Finds texts that are known to be secret, wherever they stand: canary tokens of a target's prompt, names of staff,
 * an internal host. Upper and lower case are told apart.
 *
 * @param type - The placeholder's name. @default "KNOWN"
 */
export function knownValues(values: Iterable<string>, type = "KNOWN"): SyncDetector {
  const known = [...new Set(values)].filter((value) => value !== "");
  return { name: `known-values(${known.length})`, find: (text) => findValues(text, known, type) };
}

/** Every place of every value. */
export function* findValues(
  text: string,
  values: Iterable<string>,
  type: string,
): Generator<Finding, void, undefined> {
  for (const value of values) {
    let start = text.indexOf(value);
    while (start !== -1) {
      yield { start, end: start + value.length, type };
      start = text.indexOf(value, start + value.length);
    }
  }
}
