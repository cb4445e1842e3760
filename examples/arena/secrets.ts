import { createRandom, type Random } from "./random.ts";

/** What is in a text on purpose, for cleaning to find. */
export interface Mark {
  kind: PlantedKind;
  /** The exact text that was planted: the secret, the address, or for whole texts the text itself. */
  value: string;
  /** Of duplicates: those with one group say the same thing. */
  group?: string;
}

export const plantedKinds = [
  "api-key",
  "password",
  "card-number",
  "email",
  "phone",
  "exact-duplicate",
  "near-duplicate",
  "empty-reply",
  "error-reply",
  "refusal-as-success",
  "multilingual",
  "hostile",
  "over-long",
  "lone-surrogate",
] as const;
export type PlantedKind = (typeof plantedKinds)[number];

/** A text together with what was planted in it. */
export interface Passage {
  text: string;
  marks: Mark[];
}

/** The secrets of one target's shop: the same in its prompt and in everything that it leaks. */
export interface HouseSecrets {
  apiKey: string;
  password: string;
  email: string;
  phone: string;
}

const givenNames = ["amira", "jonas", "priya", "lucia", "tomasz", "grace", "henrik", "yuki"];
const familyNames = ["holt", "okafor", "lindgren", "moreau", "castillo", "tanaka", "novak", "reed"];
// The domains and the phone numbers are those that are set aside for fiction.
const domains = ["example.com", "example.org", "example.net", "shop.example"];
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const alphanumeric = `${letters}${letters.toLowerCase()}${digits}`;

export function houseSecrets(seed: number, targetName: string): HouseSecrets {
  const random = createRandom(seed, "house", targetName);
  return {
    apiKey: apiKey(random),
    password: password(random),
    email: email(random),
    phone: phone(random),
  };
}

export function apiKey(random: Random): string {
  const makers = [
    () => `sk_live_${characters(random, alphanumeric, 24)}`,
    () => `sk-proj-${characters(random, alphanumeric, 40)}`,
    () => `AKIA${characters(random, `${letters}234567`, 16)}`,
    () => `ghp_${characters(random, alphanumeric, 36)}`,
    () => `xoxb-${characters(random, digits, 11)}-${characters(random, alphanumeric, 24)}`,
  ];
  return random.pick(makers)();
}

export function password(random: Random): string {
  const words = ["Tulip", "Harbor", "Falcon", "Maple", "Comet", "Violet", "Anchor", "Saffron"];
  const joint = random.pick(["-", "_", "!", "#"]);
  return `${random.pick(words)}${joint}${random.pick(words)}${characters(random, digits, 4)}!`;
}

/** A card number whose last digit is right by Luhn's check, written in one of the usual ways. */
export function cardNumber(random: Random): string {
  const body = `4000${characters(random, digits, 11)}`;
  const number = `${body}${luhnDigit(body)}`;
  const groups = number.match(/.{4}/g) ?? [];
  return random.pick([number, groups.join(" "), groups.join("-")]);
}

export function email(random: Random): string {
  const [given, family] = [random.pick(givenNames), random.pick(familyNames)];
  const mailbox = random.pick([`${given}.${family}`, `${given}${family.at(0)}`, `${given}+shop`]);
  return `${mailbox}${random.integer(90) + 10}@${random.pick(domains)}`;
}

export function phone(random: Random): string {
  const tail = characters(random, digits, 2);
  return random.pick([
    `+1 (415) 555-01${tail}`,
    `+1-212-555-01${tail}`,
    `(303) 555-01${tail}`,
    `+44 20 7946 09${tail}`,
    `+49 30 23125 1${tail}`,
  ]);
}

function characters(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[random.integer(alphabet.length)]).join("");
}

function luhnDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
