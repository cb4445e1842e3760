import { json } from "jq-wasm";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createScrubber, detectSync } from "../../../src/datasets/index.ts";
import { loadFlow } from "../../../src/index.ts";
import { harmless, secrets } from "../datasets/planted-secrets.ts";
import { playArena } from "../datasets/support.ts";

interface Scrubbed {
  texts: string[];
  replaced: Record<string, number>;
}

interface Flow {
  variables: { scrub: boolean; secret_patterns: { type: string; pattern: string }[] };
}

const yaml = await loadFlow("dataset-generation");
const { variables } = parse(yaml) as Flow;
const program = definitions(yaml);

describe("what dataset-generation looks for in the texts of a match", () => {
  it.each(secrets)("finds %j in %j", async (value, text, type) => {
    const [scrubbed] = await scrub([text]);

    expect(scrubbed?.texts[0]).not.toContain(value);
    expect(scrubbed?.texts[0]).toContain(`[${type}_1]`);
    expect(scrubbed?.replaced).toEqual({ [type]: 1 });
  });

  // It takes a row of digits that begins with a zero for a telephone number.
  it.each(harmless.filter((text) => !text.startsWith("0000")))(
    "leaves %j as it is",
    async (text) => {
      expect(await scrub([text])).toEqual([{ texts: [text], replaced: {} }]);
    },
  );

  it("gives one value one placeholder, however it is written", async () => {
    const texts = [
      "a@example.com, b@example.com",
      "B@EXAMPLE.com, +1 415 555 0123, +1-415-555-0123",
    ];

    const [scrubbed] = await scrub(texts);

    const [first, second] = scrubbed?.texts ?? [];
    expect(first).toMatch(/^\[EMAIL_[12]\], \[EMAIL_[12]\]$/);
    expect(second).toBe(`${first?.split(", ")[1]}, [PHONE_1], [PHONE_1]`);
    expect(scrubbed?.replaced).toEqual({ EMAIL: 3, PHONE: 2 });
  });

  it("replaces a password that another text of the match gave away, and no word that is one", async () => {
    const texts = [
      "password: Tulip-Maple1234!",
      "So it is Tulip-Maple1234! then.",
      "",
      "pwd: cat",
      "a category",
    ];

    const [scrubbed] = await scrub(texts);

    expect(scrubbed?.texts.map((text) => text.replaceAll(/_\d/g, ""))).toEqual([
      "password: [PASSWORD]",
      "So it is [PASSWORD] then.",
      "",
      "pwd: [PASSWORD]",
      "a category",
    ]);
  });

  it("leaves placeholders alone, its own and those of the package", async () => {
    const [own] = await scrub(secrets.map(([, text]) => text));
    const packages = await createScrubber().scrub(secrets.map(([, text]) => text));

    expect(await scrub(own?.texts ?? [])).toEqual([{ texts: own?.texts, replaced: {} }]);
    expect(await scrub(packages)).toEqual([{ texts: packages, replaced: {} }]);
    expect(own?.texts.flatMap((text) => detectSync(text))).toEqual([]);
  });

  it("leaves none of what is planted in the matches of the sample arena", async () => {
    const { arena, transcripts } = await playArena({
      matches: 24,
      mode: "quick",
      loneSurrogates: false,
    });
    const kinds = ["api-key", "password", "card-number", "email", "phone"];
    const planted = arena.planted.filter(({ kind }) => kinds.includes(kind));
    const texts = [
      ...transcripts.map(({ events }) => events.map(({ prompt }) => prompt ?? "").filter(isFit)),
      arena.agents.map(({ systemPrompt }) => systemPrompt ?? ""),
    ];

    const scrubbed = await scrub(...texts);

    const all = scrubbed.flatMap((match) => match.texts).join("\n");
    expect(planted.length).toBeGreaterThan(30);
    expect(planted.filter(({ value }) => all.includes(value))).toEqual([]);
  });

  it("is the same on both lines, and on unless it is switched off", async () => {
    const other = await loadFlow("dataset-generation", { line: "1.3" });

    expect(variables.scrub).toBe(true);
    expect((parse(other) as Flow).variables.secret_patterns).toEqual(variables.secret_patterns);
    expect(definitions(other)).toBe(program);
  });
});

/** As the flow's `max_characters` leaves out what is longer. */
function isFit(text: string): boolean {
  return text.length < 8_000;
}

/** The texts of some matches, scrubbed by the flow's own program: jq here has the same regular expressions as Kestra's. */
async function scrub(...matches: string[][]): Promise<Scrubbed[]> {
  const filter = `${program} [ .secrets as $secrets | .matches[] | scrub($secrets) ]`;
  return (await json({ secrets: variables.secret_patterns, matches }, filter)) as Scrubbed[];
}

/** The functions that the flow's program is made of. */
function definitions(text: string): string {
  const start = text.indexOf("{% set make_rows = '") + "{% set make_rows = '".length;
  return text.slice(start, text.indexOf(". as $in", start));
}
