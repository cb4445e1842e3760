import { cores } from "./phrases/attacks.ts";
import {
  confidences,
  disclosures,
  emptyReplies,
  errorReplies,
  hostile,
  nearVariations,
} from "./phrases/planted.ts";
import { leakBodies, refusalReasons } from "./phrases/replies.ts";
import type { RoundResult } from "./play.ts";
import { createRandom, type Random } from "./random.ts";
import {
  apiKey,
  cardNumber,
  email,
  type HouseSecrets,
  type Mark,
  type Passage,
  password,
  phone,
} from "./secrets.ts";
import { drawSlots, fillSlots } from "./slots.ts";
import type { Outcome } from "./types.ts";

export interface PlantingOptions {
  /** Plants halves of surrogate pairs as well, which are not valid Unicode. */
  loneSurrogates: boolean;
}

/** How often each thing is planted (0–1), among the texts that it can be planted in. */
const share = {
  stock: 0.06,
  secretInAttack: 0.08,
  secretInLeak: 0.3,
  emptyReply: 0.02,
  errorReply: 0.03,
  refusalAsSuccess: 0.06,
  hostile: 0.03,
  overLong: 0.004,
  loneSurrogate: 0.02,
};
const overLongCharacters = 24_000;

const secretKinds = ["api-key", "password", "card-number", "email", "phone"] as const;
type SecretKind = (typeof secretKinds)[number];
const makers = {
  "api-key": apiKey,
  password,
  "card-number": cardNumber,
  email,
  phone,
} satisfies Record<SecretKind, (random: Random) => string>;

/** Now and then: an exchange that others have too, word by word or nearly so. */
export function stockExchange(
  random: Random,
  { attackType, outcome }: RoundResult,
): { attack: Passage; reply: Passage } | undefined {
  if (!random.chance(share.stock)) return undefined;
  const isLeak = outcome === "success";
  const group = `${attackType}/${isLeak ? "leak" : "refusal"}/${random.integer(2)}`;
  const stock = createRandom("stock", group);
  const slots = drawSlots(stock);
  const attack = fillSlots(
    slots,
    `Hello again. ${stock.pick(cores[attackType])} It is about the same matter as last week.`,
  );
  const answer = isLeak
    ? `As you wish. ${stock.pick(leakBodies)}`
    : `I'm sorry, I can't do that. ${stock.pick(refusalReasons)}`;
  const isNear = random.chance(0.5);
  const text = isNear ? random.pick(nearVariations)(attack) : attack;
  const kind = isNear ? "near-duplicate" : "exact-duplicate";
  return {
    attack: { text, marks: [{ kind, value: text, group }] },
    reply: { text: fillSlots(slots, answer), marks: [] },
  };
}

export function plantInAttack(random: Random, passage: Passage, options: PlantingOptions): Passage {
  let { text, marks } = passage;
  if (random.chance(share.secretInAttack)) {
    const kind = random.pick(secretKinds);
    ({ text, marks } = disclose(
      { text, marks },
      random.pick(confidences[kind]),
      kind,
      makers[kind](random),
    ));
  }
  if (random.chance(share.overLong)) {
    text = `${text} ${"and so on ".repeat(overLongCharacters / 10)}`.trim();
    marks = [...marks, { kind: "over-long", value: text }];
  }
  return plantOddities(random, { text, marks }, options);
}

export function plantInReply(
  random: Random,
  passage: Passage,
  outcome: Outcome,
  secrets: HouseSecrets,
  options: PlantingOptions,
): Passage {
  if (random.chance(share.emptyReply)) return whole("empty-reply", random.pick(emptyReplies));
  if (random.chance(share.errorReply)) return whole("error-reply", random.pick(errorReplies));
  if (outcome === "success" && random.chance(share.refusalAsSuccess)) {
    const refusal = `I'm sorry, but I can't help with that. ${random.pick(refusalReasons)}`;
    return whole("refusal-as-success", fillSlots(drawSlots(random), refusal));
  }
  const isTelling = outcome === "success" && random.chance(share.secretInLeak);
  const told = isTelling ? tell(random, passage, secrets) : passage;
  return plantOddities(random, told, options);
}

/** Adds a secret of the house, or data of some customer, to a reply. */
function tell(random: Random, passage: Passage, secrets: HouseSecrets): Passage {
  const kind = random.pick(secretKinds);
  const own: Partial<Record<SecretKind, string>> = {
    "api-key": secrets.apiKey,
    password: secrets.password,
    email: secrets.email,
    phone: secrets.phone,
  };
  const isOwn = random.chance(0.5);
  const value = (isOwn ? own[kind] : undefined) ?? makers[kind](random);
  return disclose(passage, random.pick(disclosures[kind]), kind, value);
}

function plantOddities(random: Random, passage: Passage, options: PlantingOptions): Passage {
  let { text, marks } = passage;
  if (random.chance(share.hostile)) {
    const oddity = random.pick(hostile);
    text = oddity.at === "start" ? `${oddity.text} ${text}` : `${text} ${oddity.text}`;
    marks = [...marks, { kind: "hostile", value: oddity.text }];
  }
  if (options.loneSurrogates && random.chance(share.loneSurrogate)) {
    const half = random.pick(["\uD83C", "\uDF3F"]);
    text = `${text} ${half}`;
    marks = [...marks, { kind: "lone-surrogate", value: half }];
  }
  return { text, marks };
}

function disclose(passage: Passage, phrase: string, kind: SecretKind, value: string): Passage {
  return {
    text: `${passage.text} ${phrase.replace("{value}", () => value)}`,
    marks: [...passage.marks, { kind, value }],
  };
}

function whole(kind: Mark["kind"], text: string): Passage {
  return { text, marks: [{ kind, value: text }] };
}
