import type { DatasetAgent, DatasetRow, Message } from "../../../src/datasets/index.ts";

/** The attacks that a row holds: what a red agent writes, and what the others are told. Benign controls have none. */
export function attackOf(row: DatasetRow, agent: DatasetAgent): string[] {
  if (row.metadata?.source === "benign_control") return [];
  if (agent === "red") return answersOf(row);
  const prompt = "messages" in row ? row.messages : row.prompt;
  if (typeof prompt === "string") return [prompt];
  return prompt.filter(({ role }) => role === "user").map(({ content }) => content);
}

/** What the trained agent says in a row, good or bad. */
export function answersOf(row: DatasetRow): string[] {
  if ("completion" in row) return [row.completion];
  const turns =
    "messages" in row ? [row.messages.at(-1) as Message] : [...row.chosen, ...row.rejected];
  return turns.map(({ content }) => content);
}

/** The groups of five letters in a text, without what hardly tells two texts apart: written anew, to check by. */
export function shingles(text: string): Set<string> {
  const plain =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(" ") ?? text;
  const found = new Set<string>();
  for (let start = 0; start <= Math.max(0, plain.length - 5); start += 1) {
    found.add(plain.slice(start, start + 5));
  }
  return found;
}

/** The part of two texts' shingles that both have, 0 to 1. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const shingle of a) if (b.has(shingle)) common += 1;
  return common / (a.size + b.size - common);
}
