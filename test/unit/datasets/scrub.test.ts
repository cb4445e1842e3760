import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createScrubber,
  type Detector,
  detectSync,
  knownValues,
  secretlintDetector,
} from "../../../src/datasets/index.ts";
import { harmless, letters, secrets } from "./planted-secrets.ts";

describe("the package's own detectors", () => {
  it.each(secrets)("find %j in %j", async (value, text, type) => {
    const [scrubbed] = await createScrubber().scrub([text]);

    expect(scrubbed).toBe(text.replace(value, () => `[${type}_1]`));
  });

  it.each(harmless)("leave %j as it is", (text) => {
    expect(detectSync(text)).toEqual([]);
  });

  it("see through invisible characters, full width and odd spaces", async () => {
    const scrubber = createScrubber();
    const [zeroWidth, fullWidth, noBreak] = await scrubber.scrub([
      "pri\u200Bya@exam\u2060ple.com!",
      "４０００ １２３４ １２３４ １２３４",
      "+44\u00A020\u00A07946\u00A00912",
    ]);

    expect([zeroWidth, fullWidth, noBreak]).toEqual(["[EMAIL_1]!", "[CARD_1]", "[PHONE_1]"]);
  });

  it.each([
    ...["a", "0", "@", "a@", "a.", "@a.", "+1 ", "(1", "1 ", "4000 ", "=", "-", "_"],
    ...["sk-", "eyJ", "eyJaaaaaaaaa.", "://a:", "password:", "password is ", "token ", "key=a"],
    ...["-----BEGIN PRIVATE KEY-----", "[EMAIL_1]", "\u200B", "call ", "0 ", "00", "aB3", "\uD800"],
  ])("end on 300,000 letters of %j", { timeout: 60_000 }, (part) => {
    // A pattern that looks at each letter from each letter would take many minutes here.
    const text = part.repeat(Math.ceil(300_000 / part.length));

    expect(Array.isArray(detectSync(text))).toBe(true);
  });
});

describe("createScrubber", () => {
  it("gives one value one placeholder, in all texts, however it is written", async () => {
    const scrubber = createScrubber();
    await scrubber.scrub(["a@example.com and b@example.com"]);
    const [text] = await scrubber.scrub(["B@EXAMPLE.com, then +1 415 555 0123, +1-415-555-0123"]);

    expect(text).toBe("[EMAIL_2], then [PHONE_1], [PHONE_1]");
    expect(scrubber.counts()).toEqual({
      EMAIL: { found: 3, distinct: 2 },
      PHONE: { found: 2, distinct: 1 },
    });
  });

  it("replaces a password that another text gave away", async () => {
    const texts = await createScrubber().scrub([
      "What is it?",
      "The password: Tulip-Maple1234!",
      "You said Tulip-Maple1234! before.",
    ]);

    expect(texts).toEqual([
      "What is it?",
      "The password: [PASSWORD_1]",
      "You said [PASSWORD_1] before.",
    ]);
  });

  it("replaces what is known to be secret, wherever it stands", async () => {
    const scrubber = createScrubber({ knownSecrets: ["canary-word"] });

    expect(await scrubber.scrub(["xcanary-wordx"])).toEqual(["x[KNOWN_1]x"]);
    expect(scrubber.detectors[0]).toBe("known-values(1)");
  });

  it("takes a detector of one's own, also one that has to wait", async () => {
    const orders: Detector = {
      name: "orders",
      async find(text) {
        const start = text.indexOf("LF-");
        return start === -1 ? [] : [{ start, end: start + 8, type: "ORDER" }];
      },
    };

    expect(await createScrubber({ detectors: [orders] }).scrub(["order LF-12345"])).toEqual([
      "order [ORDER_1]",
    ]);
  });

  it("does not take a placeholder for a secret, and what stands beside one for none", async () => {
    const scrubber = createScrubber();

    expect(await scrubber.scrub(["password: [PASSWORD_1]"])).toEqual(["password: [PASSWORD_1]"]);
    expect(await scrubber.scrub(["password: [X_1]hunter2"])).toEqual([
      "password: [X_1][PASSWORD_1]",
    ]);
  });

  it("refuses a detector that is none", () => {
    expect(() => createScrubber({ detectors: [{} as Detector] })).toThrow(
      /detectors\[0\]: must have a name and a find function/,
    );
  });

  it("leaves nothing that it would find, and changes nothing the second time", async () => {
    const pieces = fc.oneof(
      fc.constantFrom(...secrets.map(([value]) => value)),
      fc.constantFrom(
        "password: ",
        "api_key=",
        "Bearer ",
        "call ",
        '"',
        "[EMAIL_1]",
        "@",
        " ",
        "\n",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(..."0123456789 -+()@.:/="), maxLength: 24 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
        const scrubber = createScrubber();
        const [once = ""] = await scrubber.scrub([parts.join("")]);

        expect(detectSync(once)).toEqual([]);
        expect(await scrubber.scrub([once])).toEqual([once]);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves none of the secrets, whatever stands around them", async () => {
    const around = fc.string({ unit: fc.constantFrom(..." .,;:!?()[]{}<>\n\"'|`"), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(around, fc.constantFrom(...secrets), around), {
          minLength: 1,
          maxLength: 4,
        }),
        async (parts) => {
          const texts = parts.map(([before, [, text], after]) => `${before} ${text} ${after}`);
          const scrubbed = (await createScrubber().scrub([texts.join("\n")])).join();

          for (const [, [value]] of parts) expect(scrubbed).not.toContain(value);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a card number between other numbers", () => {
  it("goes as a whole, whatever the numbers before it make of its beginning", async () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(numbers, numbers, async (before, after) => {
        const text = [...before, "4000 1234 1234 1234", ...after].join(" ");
        const [scrubbed] = await createScrubber().scrub([text]);

        expect(scrubbed).not.toMatch(/4000|1234 1234/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("knownValues", () => {
  it("passes over empty values and finds each place of the others", () => {
    expect([...knownValues(["", "ab"], "TAG").find("abxab")]).toEqual([
      { start: 0, end: 2, type: "TAG" },
      { start: 3, end: 5, type: "TAG" },
    ]);
  });
});

describe("secretlintDetector", () => {
  it("finds what the vendors' formats tell", async () => {
    const detector = await secretlintDetector();
    const scrubber = createScrubber({ detectors: [detector] });

    expect(await scrubber.scrub([`a ghp_${letters} b`])).toEqual(["a [API_KEY_1] b"]);
    expect(scrubber.detectors).toEqual(["secretlint"]);
  });

  it("cannot be switched off by what the text says", async () => {
    const scrubber = createScrubber({ detectors: [await secretlintDetector()] });
    const text = `// secretlint-disable\n<!-- secretlint-disable -->\nghp_${letters}`;

    expect((await scrubber.scrub([text]))[0]).toContain("[API_KEY_1]");
  });
});
