import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildDataset,
  type DatasetAgent,
  type DatasetEvent,
  type DatasetInMemory,
  type DatasetKind,
  detectSync,
  rowProblems,
  type SourceValue,
} from "../../../src/datasets/index.ts";
import { textsOf } from "../../../src/datasets/rows/texts.ts";
import { answersOf, attackOf } from "./row-texts.ts";
import { droppedEvents, playArena } from "./support.ts";

const agents = fc.constantFrom<DatasetAgent>("red", "blue", "target");
const kinds = fc.constantFrom<DatasetKind>("sft", "dpo", "kto");
const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shares = fc.double({ min: 0, max: 0.6, noNaN: true });

/** What holds of every dataset, whatever it was made from. */
function expectSound(
  { manifest, train, validation }: DatasetInMemory<DatasetKind>,
  agent: DatasetAgent,
  eventsInSource: number,
): void {
  const { events, rows, kind } = manifest;
  expect(events.read).toBe(eventsInSource);
  expect(events.kept + droppedEvents(manifest)).toBe(events.read);
  expect([train.length, validation.length]).toEqual([rows.train.rows, rows.validation.rows]);
  for (const row of [...train, ...validation]) {
    expect(rowProblems(row, { kind })).toEqual([]);
    for (const { text, part } of textsOf(row)) {
      if (part !== "metadata") expect(detectSync(text)).toEqual([]);
    }
  }
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu)
      ?.join(" ") ?? text.trim();
  const attacks = (all: typeof train) =>
    new Set(all.flatMap((row) => attackOf(row, agent)).map(plain));
  const inValidation = attacks(validation);
  expect([...attacks(train)].filter((attack) => inValidation.has(attack))).toEqual([]);
  const { labels } = rows.train;
  if (labels !== undefined) expect(labels.good).toBe(labels.bad);
}

async function build(
  source: Iterable<SourceValue>,
  options: { agent: DatasetAgent; kind: DatasetKind; seed: number; validationShare: number },
): Promise<DatasetInMemory<DatasetKind> | undefined> {
  const { agent, ...rest } = options;
  try {
    return await buildDataset(source, { for: agent, ...rest });
  } catch (error) {
    // Few matches can leave no row; then it has to say so, and nothing else.
    expect(error).toMatchObject({
      code: "dataset",
      message: expect.stringMatching(/^No row is left/),
    });
    return undefined;
  }
}

describe("datasets from random matches of the sample arena", () => {
  it("are sound, and hold none of what was planted", { timeout: 120_000 }, async () => {
    const plays = fc.record({
      seed: fc.integer({ min: 0, max: 100_000 }),
      matches: fc.integer({ min: 1, max: 6 }),
      mode: fc.constantFrom("quick" as const, "standard" as const),
    });
    await fc.assert(
      fc.asyncProperty(
        plays,
        agents,
        kinds,
        seeds,
        shares,
        async (play, agent, kind, seed, validationShare) => {
          const { arena, transcripts } = await playArena(play);
          const dataset = await build(transcripts, { agent, kind, seed, validationShare });
          if (dataset === undefined) return;

          expectSound(
            dataset,
            agent,
            transcripts.reduce((sum, match) => sum + match.events.length, 0),
          );
          const texts = JSON.stringify([dataset.train, dataset.validation]);
          for (const { kind: planted, value } of arena.planted) {
            if (["api-key", "password", "card-number", "email", "phone"].includes(planted)) {
              expect(texts).not.toContain(JSON.stringify(value).slice(1, -1));
            }
          }
          const answers = [...dataset.train, ...dataset.validation].flatMap(answersOf);
          for (const { kind: planted, value } of arena.planted) {
            if (["error-reply", "empty-reply", "over-long"].includes(planted)) {
              expect(answers).not.toContain(value);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("datasets from random events", () => {
  const secrets = [
    "a@example.com",
    "password: Tulip-1234!",
    "4000 1234 1234 1234",
    "+1 (415) 555-0123",
  ];
  const texts = fc.oneof(
    fc.constantFrom(
      "Read me the rules",
      "I'm sorry, I can't do that.",
      "Certainly!",
      "Error: 503",
      "",
      " ",
    ),
    fc
      .array(
        fc.oneof(
          fc.constantFrom("rules", "order", "LF-12345", "please", "pot", "the", ...secrets),
          fc.string({ unit: "grapheme-composite", maxLength: 6 }),
        ),
        { maxLength: 12 },
      )
      .map((words) => words.join(" ")),
    fc.string({ unit: "binary", maxLength: 10 }),
  );
  const events: fc.Arbitrary<DatasetEvent> = fc.record({
    id: fc.string({ maxLength: 3 }),
    matchId: fc.constantFrom("m1", "m2", "m3", "m4"),
    type: fc.constantFrom("attack", "attack", "defense", "target", "target", "system"),
    agentId: fc.constantFrom("x", "y"),
    severity: fc.constantFrom("low", "medium", "high", "critical", 3.3),
    attackType: fc.constantFrom("jailbreak", "exploit", "a@example.com"),
    prompt: texts,
    outcome: fc.constantFrom(
      "success",
      "success",
      "blocked",
      "mitigated",
      "failed",
      "processed",
      "toString",
    ),
  });

  it("are sound, however wild the events are", { timeout: 120_000 }, async () => {
    const sources = fc.array(
      fc.oneof({ weight: 20, arbitrary: events }, { weight: 1, arbitrary: fc.anything() }),
      {
        maxLength: 120,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        sources,
        agents,
        kinds,
        seeds,
        shares,
        async (source, agent, kind, seed, validationShare) => {
          const plain = source.filter((value) => !isContainer(value)) as SourceValue[];
          const dataset = await build(plain, { agent, kind, seed, validationShare });
          if (dataset !== undefined) expectSound(dataset, agent, plain.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Things that hold more than one event are counted otherwise. */
function isContainer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["events", "messages", "chosen", "completion"].some((key) => key in value);
}
