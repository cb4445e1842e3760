/** How good the judge is that decides what was a success; both as fractions. */
export interface JudgeQuality {
  /** The share of true successes that it calls a success. */
  sensitivity: number;
  /** The share of true failures that it calls a failure. */
  specificity: number;
}

/**
 * Gives the rate that lies behind a judge's verdicts (Rogan and Gladen), clipped to 0–1, or null when the
 * judge is no better than chance.
 */
export function correctForJudge(rate: number, judge: JudgeQuality): number | null {
  const skill = judge.sensitivity + judge.specificity - 1;
  if (skill <= 0) return null;
  return Math.min(1, Math.max(0, (rate + judge.specificity - 1) / skill));
}
