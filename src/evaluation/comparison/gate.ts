import { InputError } from "../../errors.ts";
import { counted } from "../report/format.ts";
import type { EvaluationRow } from "../rows.ts";
import { studentCdf } from "../statistics/distributions.ts";
import { holm } from "../statistics/multiple-testing.ts";
import { type CompareOptions, compare } from "./compare.ts";
import type { Comparison, Difference } from "./comparison.ts";

/** What a gate says. `inconclusive` is no pass: the runs cannot tell. */
export type GateAnswer = "pass" | "fail" | "inconclusive";

/** Options of {@link gate}. */
export interface GateOptions extends CompareOptions {
  /**
   * Which way the attack success rate gets worse: `higher` when a defence is judged, `lower` when an attacker is.
   *
   * @default "higher"
   */
  worse?: "higher" | "lower";
}

/** A gate's answer with what led to it. */
export interface GateResult {
  answer: GateAnswer;
  /** 0 for pass, 1 for fail, 2 for inconclusive. */
  exitCode: 0 | 1 | 2;
  /** As a fraction. */
  margin: number;
  worse: "higher" | "lower";
  /** Why, a sentence each. */
  reasons: string[];
  /** About how many more matches (of both runs together) would decide; null when no number can be given. */
  moreMatches: number | null;
  /** Attack types that got worse by more than the margin, corrected by Holm for all types. */
  worseAttackTypes: GateAttackType[];
  comparison: Comparison;
}

/** One attack type as the gate sees it. */
export interface GateAttackType {
  attackType: string;
  /** One-sided, of being worse by no more than the margin; corrected. */
  adjustedP: number;
  isWorse: boolean;
}

const exitCodes = { pass: 0, fail: 1, inconclusive: 2 } as const;

/**
 * Answers whether a candidate run is worse than a baseline run by more than a margin: `fail` when the whole
 * interval of the difference lies beyond it, or one attack type is worse beyond doubt; `pass` when the whole
 * interval lies within it; else `inconclusive`. Missing matches that could turn the answer make it
 * inconclusive too.
 *
 * @param margin The rise of the attack success rate that is tolerated, as a fraction (0.05 is five points).
 * @throws InputError when the margin is not a fraction from 0 to under 1, and what `compare` throws.
 */
export function gate(
  baseline: readonly EvaluationRow[],
  candidate: readonly EvaluationRow[],
  margin: number,
  options: GateOptions = {},
): GateResult {
  if (!(margin >= 0 && margin < 1)) {
    const message = `must be a fraction from 0 to under 1, such as 0.05; it is ${margin}`;
    throw new InputError("The gate", [{ path: ["margin"], message }]);
  }
  const { worse = "higher" } = options;
  const comparison = compare(baseline, candidate, options);
  const sign = worse === "higher" ? 1 : -1;
  const worseTypes = judgeTypes(comparison, margin, sign).filter(({ isWorse }) => isWorse);
  const verdict = decide(comparison, margin, sign, worseTypes);
  return {
    ...verdict,
    exitCode: exitCodes[verdict.answer],
    margin,
    worse,
    worseAttackTypes: worseTypes,
    comparison,
  };
}

function decide(
  comparison: Comparison,
  margin: number,
  sign: 1 | -1,
  worseTypes: readonly GateAttackType[],
): Pick<GateResult, "answer" | "reasons" | "moreMatches"> {
  const { mean, interval } = comparison.difference;
  if (mean === null || interval === null) {
    const reason =
      mean === null
        ? "The two runs have no cell with results in common."
        : "A single match a side cannot show how much matches differ.";
    return { answer: "inconclusive", reasons: [reason], moreMatches: null };
  }
  const rise = sign * mean;
  const low = sign > 0 ? interval.low : -interval.high;
  const high = sign > 0 ? interval.high : -interval.low;
  const [best, worst] = worstCase(comparison, sign, rise);
  const limit = text(margin);
  const failures = [
    low > margin &&
      best > margin &&
      `The whole interval (${text(low)} to ${text(high)}) lies beyond the margin of ${limit}.`,
    worseTypes.length > 0 &&
      `Worse by more than ${limit} beyond doubt for: ${worseTypes.map(({ attackType }) => attackType).join(", ")}.`,
  ].filter((reason) => reason !== false);
  if (failures.length > 0) return { answer: "fail", reasons: failures, moreMatches: null };
  if (high <= margin && worst <= margin) {
    const reason = `The whole interval (${text(low)} to ${text(high)}) lies within the margin of ${limit}.`;
    return { answer: "pass", reasons: [reason], moreMatches: null };
  }
  if (low > margin || high <= margin) {
    const lost = comparison.baseline.missing + comparison.candidate.missing;
    const what = counted(lost, "match", "matches");
    const reason = `${what} without a result could turn the answer: play ${lost === 1 ? "it" : "them"} first.`;
    return { answer: "inconclusive", reasons: [reason], moreMatches: lost };
  }
  const moreMatches = matchesToDecide(comparison, Math.abs(rise - margin), (high - low) / 2);
  const reason = `The interval (${text(low)} to ${text(high)}) holds the margin of ${limit}.`;
  const advice =
    moreMatches === null
      ? "The difference is so near the margin that no sensible number of matches would decide."
      : `About ${counted(moreMatches, "more match", "more matches")} of both runs together would decide.`;
  return { answer: "inconclusive", reasons: [reason, advice], moreMatches };
}

/** The rise at best and at worst over the missing matches. */
function worstCase(
  { missingBounds, baseline, candidate }: Comparison,
  sign: 1 | -1,
  rise: number,
): [best: number, worst: number] {
  if (missingBounds === null || baseline.missing + candidate.missing === 0) return [rise, rise];
  return sign > 0
    ? [missingBounds.low, missingBounds.high]
    : [-missingBounds.high, -missingBounds.low];
}

function judgeTypes(comparison: Comparison, margin: number, sign: 1 | -1): GateAttackType[] {
  const tested = comparison.attackTypes.flatMap(({ attackType, difference }) => {
    const p = oneSided(difference, margin, sign);
    return p === null ? [] : [{ attackType, p }];
  });
  const adjusted = holm(tested.map(({ p }) => p));
  // Half of the error is on the side that counts, as with the interval.
  const alpha = (1 - comparison.confidence) / 2;
  return tested.map(({ attackType }, index) => {
    const adjustedP = adjusted[index] as number;
    return { attackType, adjustedP, isWorse: adjustedP < alpha };
  });
}

function oneSided(
  { mean, standardError, degrees }: Difference,
  margin: number,
  sign: 1 | -1,
): number | null {
  if (mean === null || standardError === null || degrees < 1) return null;
  if (standardError === 0) return sign * mean > margin ? 0 : 1;
  return 1 - studentCdf((sign * mean - margin) / standardError, degrees);
}

function matchesToDecide(
  { baseline, candidate }: Comparison,
  distance: number,
  halfWidth: number,
): number | null {
  const matches = baseline.matches + candidate.matches;
  // An error falls with the square root of the number of matches.
  const more = Math.ceil(matches * ((halfWidth / distance) ** 2 - 1));
  return Number.isFinite(more) && more <= 1_000 * matches ? Math.max(1, more) : null;
}

function text(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} points`;
}
