import { closers, cores, multilingual, openers, tools } from "./phrases/attacks.ts";
import {
  leakBodies,
  leakClosers,
  leakOpeners,
  partials,
  reasonings,
  refusalOffers,
  refusalOpeners,
  refusalReasons,
  verdicts,
} from "./phrases/replies.ts";
import { type PlantingOptions, plantInAttack, plantInReply, stockExchange } from "./planting.ts";
import type { RoundResult } from "./play.ts";
import { createRandom, type Random } from "./random.ts";
import type { HouseSecrets, Passage } from "./secrets.ts";
import { drawSlots, fillSlots, orderNumber } from "./slots.ts";
import type { ToolCall } from "./types.ts";

/** The texts of one round. */
export interface Exchange {
  attack: Passage;
  reasoning: string;
  toolCalls: ToolCall[];
  verdict: string;
  /** What the target answers, if it sees the attack. */
  reply: Passage;
}

/** Writes a round's texts; they depend on the play and the round alone. */
export function composeExchange(
  playKey: string,
  roundNumber: number,
  result: RoundResult,
  secrets: HouseSecrets,
  options: PlantingOptions,
): Exchange {
  const random = createRandom(playKey, "text", roundNumber);
  return {
    ...composeTalk(random, result, secrets, options),
    reasoning: random.pick(reasonings),
    toolCalls: toolCallsOf(random, result),
    verdict: fillSlots(drawSlots(random), random.pick(verdicts[result.outcome])),
  };
}

function composeTalk(
  random: Random,
  result: RoundResult,
  secrets: HouseSecrets,
  options: PlantingOptions,
): { attack: Passage; reply: Passage } {
  const talk = leadIn(random, result);
  const stock = stockExchange(random, result);
  if (stock !== undefined) return stock;
  return {
    attack: plantInAttack(random, talk.attack, options),
    reply: plantInReply(random, talk.reply, result.outcome, secrets, options),
  };
}

/** The texts before anything is planted; a few are not in English. */
function leadIn(random: Random, result: RoundResult): { attack: Passage; reply: Passage } {
  const slots = drawSlots(random);
  if (random.chance(0.05)) {
    const exchange = random.pick(multilingual);
    const answer = result.outcome === "success" ? exchange.leak : exchange.refusal;
    return {
      attack: foreign(fillSlots(slots, exchange.attack)),
      reply: foreign(fillSlots(slots, answer)),
    };
  }
  return {
    attack: plain(fillSlots(slots, sentences(random, openers, cores[result.attackType], closers))),
    reply: plain(fillSlots(slots, reply(random, result))),
  };
}

function reply(random: Random, result: RoundResult): string {
  if (result.outcome === "success") return sentences(random, leakOpeners, leakBodies, leakClosers);
  if (result.outcome === "mitigated") {
    return sentences(random, refusalOpeners, partials, refusalOffers);
  }
  return sentences(random, refusalOpeners, refusalReasons, refusalOffers);
}

function toolCallsOf(random: Random, { attackType }: RoundResult): ToolCall[] {
  if (attackType !== "tool_escalation" && attackType !== "exploit") return [];
  const params = { orderId: orderNumber(random), admin: random.chance(0.5) };
  return [{ tool: random.pick(tools), params }];
}

function sentences(random: Random, ...parts: readonly (readonly string[])[]): string {
  return parts
    .map((part) => random.pick(part))
    .filter((part) => part !== "")
    .join(" ");
}

function plain(text: string): Passage {
  return { text, marks: [] };
}

function foreign(text: string): Passage {
  return { text, marks: [{ kind: "multilingual", value: text }] };
}
