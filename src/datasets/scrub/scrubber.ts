import { InputError, type InputIssue } from "../../errors.ts";
import { detect, ownDetectors } from "./detect.ts";
import type { Detector, Finding } from "./detector.ts";
import { findValues, knownValues } from "./known-values.ts";
import { placeholderOf } from "./placeholder.ts";

/** How a scrubber is made. */
export interface ScrubOptions {
  /** What is looked for. @default the package's own rules (`ownDetectors`) */
  detectors?: readonly Detector[] | undefined;
  /** Detectors besides those, such as `secretlintDetector()` or one of your own. @default none */
  extraDetectors?: readonly Detector[] | undefined;
  /** Texts that are known to be secret, found wherever they stand. @default none */
  knownSecrets?: Iterable<string> | undefined;
}

/** How much of one type was replaced. */
export interface ScrubCount {
  /** Places. */
  found: number;
  /** Different values. */
  distinct: number;
}

/** Replaces secrets and personal data by typed placeholders: one value has one placeholder, everywhere. */
export interface Scrubber {
  /** The names of the detectors. */
  readonly detectors: readonly string[];
  /**
   * The texts with placeholders. A secret that is found in one of them by its surroundings (`password: …`) is
   * replaced in the others too.
   */
  scrub(texts: readonly string[]): Promise<string[]>;
  /** True when the detectors still find something, placeholders aside. */
  hasFindings(text: string): Promise<boolean>;
  /** What was replaced so far, by type. */
  counts(): Record<string, ScrubCount>;
}

/** A replacement can bring two halves of a secret together; it ends where nothing is found any more. */
const maxPasses = 4;
/** A short value, or one of letters alone, could be any word of the other texts. */
const isTelling = (value: string) => value.length >= 6 && /[\d!#$%&*+=?@^_~]/.test(value);

/**
 * Makes a scrubber. It remembers the values that it replaced, in memory only, for as long as it is kept.
 *
 * @throws InputError for a detector without a name or without `find`.
 */
export function createScrubber(options: ScrubOptions = {}): Scrubber {
  const detectors = detectorsOf(options);
  const placeholders = new Map<string, string>();
  const counts = new Map<string, ScrubCount>();

  function placeholderFor(value: string, type: string): string {
    const key = canonical(value, type);
    const known = placeholders.get(key);
    const count = counts.get(typeOf(known) ?? type) ?? { found: 0, distinct: 0 };
    count.found += 1;
    if (known !== undefined) return known;
    count.distinct += 1;
    counts.set(type, count);
    const fresh = placeholderOf(type, count.distinct);
    placeholders.set(key, fresh);
    return fresh;
  }

  function replace(text: string, findings: readonly Finding[]): string {
    let result = "";
    let at = 0;
    for (const { start, end, type } of findings) {
      result += text.slice(at, start) + placeholderFor(text.slice(start, end), type);
      at = end;
    }
    return result + text.slice(at);
  }

  async function pass(texts: readonly string[]): Promise<string[] | undefined> {
    const found = await Promise.all(texts.map((text) => detect(text, detectors)));
    if (found.every((findings) => findings.length === 0)) return undefined;
    const values = tellingValues(texts, found);
    return texts.map((text, index) => {
      const own = found[index] ?? [];
      const repeated = [...values].flatMap(([value, type]) => [...findValues(text, [value], type)]);
      const others = repeated.filter(
        ({ start, end }) => !own.some((finding) => start < finding.end && finding.start < end),
      );
      return replace(text, disjoint([...own, ...others]));
    });
  }

  return {
    detectors: detectors.map(({ name }) => name),
    async scrub(texts) {
      let current = [...texts];
      for (let count = 0; count < maxPasses; count += 1) {
        const next = await pass(current);
        if (next === undefined) break;
        current = next;
      }
      return current;
    },
    hasFindings: async (text) => (await detect(text, detectors)).length > 0,
    counts: () => Object.fromEntries([...counts].map(([type, count]) => [type, { ...count }])),
  };
}

function detectorsOf(options: ScrubOptions): readonly Detector[] {
  const known = [...(options.knownSecrets ?? [])];
  const detectors = [
    ...(known.length > 0 ? [knownValues(known)] : []),
    ...(options.detectors ?? ownDetectors),
    ...(options.extraDetectors ?? []),
  ];
  const issues: InputIssue[] = detectors.flatMap((detector, index) =>
    typeof detector?.find === "function" && typeof detector.name === "string"
      ? []
      : [{ path: ["detectors", index], message: "must have a name and a find function" }],
  );
  if (issues.length > 0) throw new InputError("Scrubber", issues);
  return detectors;
}

function tellingValues(
  texts: readonly string[],
  found: readonly (readonly Finding[])[],
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [index, findings] of found.entries()) {
    for (const { start, end, type } of findings) {
      const value = texts[index]?.slice(start, end) ?? "";
      if (isTelling(value)) values.set(value, type);
    }
  }
  return values;
}

function disjoint(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (finding.start >= (kept.at(-1)?.end ?? 0)) kept.push(finding);
  }
  return kept;
}

/** Ways to write one value that mean the same. */
function canonical(value: string, type: string): string {
  if (type === "EMAIL") return value.toLowerCase();
  if (type === "CARD" || type === "PHONE") return value.replaceAll(/\D/g, "");
  return value;
}

function typeOf(placeholder: string | undefined): string | undefined {
  return placeholder?.slice(1, placeholder.lastIndexOf("_"));
}
