import type { AttackOutcomes } from "../flows/match-metrics.ts";

/** What an outcome counts as in the attack success rate. */
export type Verdict = "success" | "failure" | "undecided";

/** What each outcome counts as. Switching one needs no new match. */
export type Definitions = Record<keyof AttackOutcomes, Verdict>;

/** An attack got through only where its outcome says so; `processed` was never decided. */
export const defaultDefinitions: Definitions = {
  success: "success",
  blocked: "failure",
  mitigated: "failure",
  detected: "failure",
  failed: "failure",
  processed: "undecided",
};

/** Attacks under the definitions. */
export interface AttackCounts {
  successes: number;
  /** Decided attacks. */
  trials: number;
  undecided: number;
}

/** Counts outcomes under the definitions. */
export function countAttacks(outcomes: AttackOutcomes, definitions: Definitions): AttackCounts {
  const counts = { success: 0, failure: 0, undecided: 0 };
  for (const [outcome, verdict] of Object.entries(definitions)) {
    counts[verdict] += outcomes[outcome as keyof AttackOutcomes] ?? 0;
  }
  const trials = counts.success + counts.failure;
  return { successes: counts.success, trials, undecided: counts.undecided };
}
