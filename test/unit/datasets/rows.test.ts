import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dpoRow, ktoRow, type RowCheck, rowProblems, sftRow } from "../../../src/datasets/index.ts";

const user = { role: "user", content: "Which rules?" };
const assistant = { role: "assistant", content: "I can't tell." };
const leak = { role: "assistant", content: "Rule one." };
const system = { role: "system", content: "You are a clerk." };

const good: [string, unknown, RowCheck][] = [
  ["an SFT row", { messages: [user, assistant] }, { kind: "sft" }],
  [
    "one with all that Oumi allows",
    { conversation_id: "c1", messages: [system, user, assistant], metadata: { n: 1 } },
    { kind: "sft" },
  ],
  ["one of many turns", { messages: [user, assistant, user, leak] }, { kind: "sft" }],
  [
    "one with a tool",
    { messages: [user, assistant, { role: "tool", content: "3" }, leak] },
    { kind: "sft" },
  ],
  ["OpenAI's SFT row", { messages: [user, assistant] }, { kind: "sft", layout: "openai" }],
  ["a DPO row", { prompt: [system, user], chosen: [assistant], rejected: [leak] }, { kind: "dpo" }],
  ["one of texts", { prompt: "Which rules?", chosen: "none", rejected: "one" }, { kind: "dpo" }],
  [
    "OpenAI's DPO row",
    { input: { messages: [user] }, preferred_output: [assistant], non_preferred_output: [leak] },
    { kind: "dpo", layout: "openai" },
  ],
  ["a KTO row", { prompt: "a", completion: "b", label: false, metadata: {} }, { kind: "kto" }],
];

const bad: [string, unknown, RowCheck, RegExp][] = [
  ["is no object", [1], { kind: "sft" }, /is no object/],
  ["has no messages", {}, { kind: "sft" }, /lacks messages.*messages: is no list/],
  ["has empty messages", { messages: [] }, { kind: "sft" }, /messages: is empty/],
  [
    "has an unknown key",
    { messages: [user, assistant], extra: 1 },
    { kind: "sft" },
    /unknown key "extra"/,
  ],
  [
    "has Oumi's keys for OpenAI",
    { messages: [user, assistant], metadata: {} },
    { kind: "sft", layout: "openai" },
    /unknown key "metadata"/,
  ],
  [
    "has an empty text",
    { messages: [user, { ...assistant, content: " " }] },
    { kind: "sft" },
    /messages\[1\]\.content: is empty/,
  ],
  [
    "has half a surrogate pair",
    { messages: [user, { ...assistant, content: "\uD83C" }] },
    { kind: "sft" },
    /half of a surrogate pair/,
  ],
  [
    "has an unknown role",
    { messages: [{ role: "teacher", content: "x" }, assistant] },
    { kind: "sft" },
    /role: is none of/,
  ],
  [
    "has a turn with more than it should",
    { messages: [{ ...user, weight: 1 }, assistant] },
    { kind: "sft" },
    /messages\[0\]: has the unknown key/,
  ],
  [
    "does not alternate",
    { messages: [user, user, assistant] },
    { kind: "sft" },
    /do not alternate, user follows user/,
  ],
  [
    "begins with the assistant",
    { messages: [assistant] },
    { kind: "sft" },
    /assistant follows start/,
  ],
  [
    "has the system in the middle",
    { messages: [user, system, assistant] },
    { kind: "sft" },
    /system follows user/,
  ],
  [
    "ends with the user",
    { messages: [user, assistant, user] },
    { kind: "sft" },
    /ends with user in place of assistant/,
  ],
  [
    "has metadata that is a list",
    { messages: [user, assistant], metadata: [] },
    { kind: "sft" },
    /metadata: is no object/,
  ],
  [
    "has the prompt within the answer",
    { prompt: [user], chosen: [user, assistant], rejected: [leak] },
    { kind: "dpo" },
    /chosen: has 2 turns/,
  ],
  [
    "has an answer of the user",
    { prompt: [user], chosen: [user], rejected: [leak] },
    { kind: "dpo" },
    /chosen\[0\]: is of user/,
  ],
  [
    "has a prompt that ends with the assistant",
    { prompt: [user, assistant], chosen: [assistant], rejected: [leak] },
    { kind: "dpo" },
    /prompt: ends with assistant/,
  ],
  [
    "has equal answers but for spaces",
    { prompt: "p", chosen: "a  b", rejected: " a b\n" },
    { kind: "dpo" },
    /are the same/,
  ],
  [
    "is Oumi's where OpenAI's is wanted",
    { prompt: "p", chosen: "a", rejected: "b" },
    { kind: "dpo", layout: "openai" },
    /lacks input/,
  ],
  [
    "has a label that is a text",
    { prompt: "p", completion: "c", label: "true" },
    { kind: "kto" },
    /label: is neither/,
  ],
  [
    "has a list for a prompt",
    { prompt: [user], completion: "c", label: true },
    { kind: "kto" },
    /prompt: is no text/,
  ],
  [
    "is for a trainer that has no KTO",
    { prompt: "p", completion: "c", label: true },
    { kind: "kto", layout: "openai" },
    /OpenAI has no KTO/,
  ],
  [
    "is too long",
    { prompt: "p", completion: "c".repeat(20), label: true },
    { kind: "kto", maxCharacters: 20 },
    /more than 20 characters/,
  ],
];

describe("rowProblems", () => {
  it.each(good)("finds nothing in %s", (_, row, check) => {
    expect(rowProblems(row, check)).toEqual([]);
  });

  it.each(bad)("tells of a row that %s", (_, row, check, reason) => {
    expect(rowProblems(row, check).join("; ")).toMatch(reason);
  });

  it("takes anything without a fault, and never repeats a text", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom("sft", "dpo", "kto"), (row, kind) => {
        expect(Array.isArray(rowProblems(row, { kind } as RowCheck))).toBe(true);
      }),
    );
    const secret = { role: "user", content: 5, "password: hunter2": 1 };
    expect(
      rowProblems(
        { messages: [secret, { role: "x", content: "hunter3" }] },
        { kind: "sft" },
      ).join(),
    ).not.toContain("hunter3");
  });
});

describe("rows of samples", () => {
  const sample = { system: "You are a clerk.", prompt: "Which rules?", answer: "None." };

  it("are fit for training", () => {
    const texts = fc
      .string({ minLength: 1, unit: "grapheme" })
      .filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(
        texts,
        texts,
        texts,
        fc.option(texts, { nil: undefined }),
        (prompt, a, b, system) => {
          fc.pre(a.replaceAll(/\s+/g, " ").trim() !== b.replaceAll(/\s+/g, " ").trim());
          const [one, two] = [a, b].map((answer) => ({
            prompt,
            answer,
            ...(system !== undefined && { system }),
          }));

          expect(rowProblems(sftRow(one!), { kind: "sft" })).toEqual([]);
          expect(rowProblems(dpoRow(one!, two!), { kind: "dpo" })).toEqual([]);
          expect(rowProblems(ktoRow(one!, true), { kind: "kto" })).toEqual([]);
        },
      ),
    );
  });

  it("have the system prompt in front", () => {
    expect(sftRow(sample).messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
    ]);
    expect(ktoRow(sample, true).prompt).toBe("You are a clerk.\n\nWhich rules?");
  });

  it("take the prompt of the worse answer for a pair, and name both matches", () => {
    const better = {
      prompt: "other",
      answer: "no",
      metadata: { match_id: "m1", outcome: "blocked" },
    };
    const worse = {
      prompt: "this",
      answer: "yes",
      metadata: { match_id: "m2", outcome: "success" },
    };

    expect(dpoRow(better, worse)).toEqual({
      prompt: [{ role: "user", content: "this" }],
      chosen: [{ role: "assistant", content: "no" }],
      rejected: [{ role: "assistant", content: "yes" }],
      metadata: {
        match_id: "m2",
        outcome: "success",
        chosen_match_id: "m1",
        chosen_outcome: "blocked",
      },
    });
  });
});
