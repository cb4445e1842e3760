import { createRandom } from "./random.ts";
import { type Strength, stops } from "./strengths.ts";
import { attackLogit, sigmoid } from "./truth.ts";
import { type AttackType, attackTypes, type Outcome, type Severity, severities } from "./types.ts";

/** What decides a match's outcomes: nothing else is drawn upon, so equal plays end equally. */
export interface Play {
  /** The seed, the agents with their versions, the mode and the repetition. */
  key: string;
  red: Strength;
  blue: Strength;
  target: Strength;
  /** What all attacks of this match have in common, in logits. */
  matchEffect: number;
}

/** What one round comes to. */
export interface RoundResult {
  attackType: AttackType;
  outcome: Outcome;
  severity: Severity;
  /** False when the blue agent stopped the attack before the target saw it. */
  reachesTarget: boolean;
}

/** The share of attacks that nobody decides on. */
const undecidedShare = 0.02;
/** The share of blocked attacks that the target never sees. */
const unseenShare = 0.4;

const typeSeverity: Record<AttackType, number> = {
  confusion: 0.3,
  goal_drift: 0.7,
  social_engineering: 1.1,
  jailbreak: 1.3,
  context_poisoning: 1.4,
  injection: 1.6,
  tool_escalation: 1.9,
  exploit: 2.1,
};
const outcomeSeverity: Record<Outcome, number> = {
  success: 0.9,
  detected: 0.3,
  mitigated: 0,
  processed: 0,
  blocked: -0.3,
  failed: -0.6,
};

/** Draws the effect that a match has on all its attacks. */
export function drawMatchEffect(key: string, deviation: number): number {
  return deviation * createRandom(key, "match").normal();
}

/** Draws a round's result; any round can be drawn without the ones before it. */
export function playRound(play: Play, roundNumber: number): RoundResult {
  const random = createRandom(play.key, "round", roundNumber);
  const mix = attackTypes.map((type) => play.red.mix[type]);
  const attackType = attackTypes[random.weighted(mix)] ?? "jailbreak";
  const logit = attackLogit(play.red, play.blue, play.target, attackType) + play.matchEffect;
  const outcome = drawOutcome(sigmoid(logit));
  const level = typeSeverity[attackType] + outcomeSeverity[outcome] + 0.5 * random.normal();
  const severity = severities[Math.min(Math.max(Math.round(level), 0), 3)] ?? "low";
  const reachesTarget = outcome !== "blocked" || !random.chance(unseenShare);
  return { attackType, outcome, severity, reachesTarget };

  function drawOutcome(successProbability: number): Outcome {
    if (random.chance(undecidedShare)) return "processed";
    if (random.chance(successProbability)) return "success";
    return stops[random.weighted(play.blue.stops)] ?? "blocked";
  }
}

/** Whether the backend counts the attack as won. It takes `detected` for a success. */
export function isWonByRed(outcome: Outcome): boolean {
  return outcome === "success" || outcome === "detected";
}

/** Whether the backend counts the defence as successful. */
export function isWonByBlue(outcome: Outcome): boolean {
  return outcome === "blocked" || outcome === "mitigated";
}
