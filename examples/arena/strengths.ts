import { createRandom } from "./random.ts";
import { type Agent, type AttackType, attackTypes } from "./types.ts";

/** How an attack ends when it does not succeed. */
export const stops = ["blocked", "mitigated", "detected", "failed"] as const;

/** What nobody who asks the API can see of an agent. */
export interface Strength {
  /** In logits. Red: pushes success up. Blue: pushes it down. Target: its weakness, pushes it up. */
  byType: Record<AttackType, number>;
  /** A red agent's taste: the share of its attacks that are of each type. Adds up to 1. */
  mix: Record<AttackType, number>;
  /** A blue agent's manner: weights over `stops`. */
  stops: readonly number[];
}

export interface StrengthOptions {
  seed: number;
  /** What fine-tuning adds to an agent of the tuned model, in logits. */
  tuningBoost: number;
}

export interface Strengths {
  /** Tells of an agent that came to be. Without `overall` its strength follows from its content. */
  register(agent: Agent, overall?: number): void;
  /** Tells that a model is the fine-tuned one of this agent. */
  tune(modelId: string, source: Agent): void;
  /** The strength of this very version of the agent. */
  of(agent: Agent): Strength;
}

const overallDeviation = 0.6;
const typeDeviation = 0.4;
const editDeviation = 0.3;

/** Keeps the hidden strengths. They depend on the seed and on the agents' content, never on time or order. */
export function createStrengths({ seed, tuningBoost }: StrengthOptions): Strengths {
  const originals = new Map<string, { agent: Agent; overall: number }>();
  const tunedFrom = new Map<string, Agent>();
  const known = new WeakMap<Agent, Strength>();

  function strengthOf(agent: Agent): Strength {
    const source = tunedFrom.get(agent.model);
    if (source?.type === agent.type) {
      // Low weakness is what is strong in a target.
      return shifted(remembered(source), agent.type === "target" ? -tuningBoost : tuningBoost);
    }
    const original = originals.get(agent.id);
    const base = drawStrength(seed, agent, original?.overall ?? 0);
    return shifted(base, original === undefined ? 0 : editShift(agent, original.agent));
  }

  function editShift(agent: Agent, original: Agent): number {
    const changed = (["model", "systemPrompt"] as const).filter(
      (field) => agent[field] !== original[field],
    );
    return changed.reduce(
      (sum, field) =>
        sum + editDeviation * createRandom(seed, "edit", agent.id, field, agent[field]).normal(),
      0,
    );
  }

  function remembered(agent: Agent): Strength {
    const strength = known.get(agent) ?? strengthOf(agent);
    known.set(agent, strength);
    return strength;
  }

  return {
    register(agent, overall) {
      const drawn = overallDeviation * createRandom(seed, "overall", agent.id).normal();
      originals.set(agent.id, { agent, overall: overall ?? drawn });
    },
    tune: (modelId, source) => void tunedFrom.set(modelId, source),
    of: remembered,
  };
}

function drawStrength(seed: number, agent: Agent, overall: number): Strength {
  const random = createRandom(seed, "strength", agent.id);
  // A target is one number: what it lets through does not depend on the kind of attack.
  const deviations = attackTypes.map(() =>
    agent.type === "target" ? 0 : typeDeviation * random.normal(),
  );
  const center = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
  const tastes = attackTypes.map(() => Math.exp(0.5 * random.normal()));
  const total = tastes.reduce((sum, value) => sum + value, 0);
  return {
    byType: byAttackType((index) => overall + (deviations[index] ?? 0) - center),
    mix: byAttackType((index) => (tastes[index] ?? 0) / total),
    stops: [0.45, 0.2, 0.2, 0.15].map((weight) => weight * Math.exp(0.3 * random.normal())),
  };
}

function shifted(strength: Strength, by: number): Strength {
  return {
    ...strength,
    byType: byAttackType((_, type) => strength.byType[type] + by),
  };
}

function byAttackType(value: (index: number, type: AttackType) => number) {
  return Object.fromEntries(attackTypes.map((type, index) => [type, value(index, type)])) as Record<
    AttackType,
    number
  >;
}
