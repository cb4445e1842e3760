import type { AgentStore } from "./agents.ts";
import type { Strength, Strengths } from "./strengths.ts";
import { type Agent, type AgentType, type AttackType, attackTypes } from "./types.ts";

/** The success of an attack between agents that all have strength 0, in logits. */
const baseLogit = -0.4;

/** An agent, or the id of one that the arena has: then its present version is meant. */
export type AgentReference = string | { id: string };

export interface Pairing {
  red: AgentReference;
  blue: AgentReference;
  target: AgentReference;
  /** Without it: over the types that the red agent uses, as often as it uses them. */
  attackType?: AttackType;
}

export interface RankedAgent {
  agent: Agent;
  /** The expected attack success rate (0–1) over all pairings with the other agents that exist. */
  expectedAttackSuccessRate: number;
}

/** What a perfect evaluation would find. Probabilities are of `success` among decided attacks. */
export interface Truth {
  /** The spread of the match's own effect on all its attacks, in logits. */
  matchEffectDeviation: number;
  /** The hidden strength of an agent, in logits by attack type. */
  strengthOf(agent: AgentReference): Record<AttackType, number>;
  /** The probability (0–1) that one attack of this pairing succeeds, over all matches. */
  attackSuccessProbability(pairing: Pairing): number;
  /** The attack success rate (0–1) that many matches of this pairing come to. */
  expectedAttackSuccessRate(
    red: AgentReference,
    blue: AgentReference,
    target: AgentReference,
  ): number;
  /** The agents of one type, strongest first: highest rate for red and lowest for blue and target. */
  ranking(type: AgentType): RankedAgent[];
}

/** The logit of an attack's success in a match with this effect. */
export function attackLogit(
  red: Strength,
  blue: Strength,
  target: Strength,
  attackType: AttackType,
): number {
  return baseLogit + red.byType[attackType] - blue.byType[attackType] + target.byType[attackType];
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

export function createTruth(
  agents: AgentStore,
  strengths: Strengths,
  matchEffectDeviation: number,
): Truth {
  const strength = (reference: AgentReference) => strengths.of(resolve(agents, reference));

  const truth: Truth = {
    matchEffectDeviation,
    strengthOf: (agent) => ({ ...strength(agent).byType }),
    attackSuccessProbability(pairing) {
      const [red, blue, target] = [
        strength(pairing.red),
        strength(pairing.blue),
        strength(pairing.target),
      ];
      const probability = (attackType: AttackType) =>
        overMatches(attackLogit(red, blue, target, attackType), matchEffectDeviation);
      if (pairing.attackType !== undefined) return probability(pairing.attackType);
      return attackTypes.reduce((sum, type) => sum + red.mix[type] * probability(type), 0);
    },
    expectedAttackSuccessRate: (red, blue, target) =>
      truth.attackSuccessProbability({ red, blue, target }),
    ranking(type) {
      const ranked = agents.list(type).map((agent) => ({
        agent,
        expectedAttackSuccessRate: mean(
          pairingsOf(agents, agent).map(truth.attackSuccessProbability),
        ),
      }));
      const sign = type === "red" ? -1 : 1;
      return ranked.sort(
        (a, b) => sign * (a.expectedAttackSuccessRate - b.expectedAttackSuccessRate),
      );
    },
  };
  return truth;
}

function pairingsOf(agents: AgentStore, agent: Agent): Pairing[] {
  const side = (type: AgentType) => (agent.type === type ? [agent] : agents.list(type));
  return side("red").flatMap((red) =>
    side("blue").flatMap((blue) => side("target").map((target) => ({ red, blue, target }))),
  );
}

function resolve(agents: AgentStore, reference: AgentReference): Agent {
  const id = typeof reference === "string" ? reference : reference.id;
  const agent = agents.get(id);
  if (agent === undefined) {
    throw new Error(`The arena has no agent ${id}: take an id out of arena.agents or of the API.`);
  }
  return agent;
}

/** The mean of the success probability over the match effect, by a sum over its normal density. */
function overMatches(logit: number, deviation: number): number {
  const points = Array.from({ length: 81 }, (_, index) => (index - 40) / 6);
  const weights = points.map((point) => Math.exp((-point * point) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return points.reduce(
    (sum, point, index) =>
      sum + ((weights[index] ?? 0) / total) * sigmoid(logit + deviation * point),
    0,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
