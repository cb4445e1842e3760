import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { createScrubber } from "../../../src/datasets/index.ts";
import type { DatasetResult, Execution, GenerateDatasetInput } from "../../../src/index.ts";
import { type PlayedRound, playedRounds, playMatches } from "../support/arena-matches.ts";
import { type DatasetFileRow, expectToAddUp, rowsOf } from "../support/dataset-rows.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
/** Small enough that fourteen matches take several steps. */
const knobs = { matches_per_step: 4 };

describe.each(lines)("the rows of dataset-generation on Kestra %s", (line) => {
  let world: FlowWorld;
  let matchIds: string[];
  let rounds: PlayedRound[];

  beforeAll(async () => {
    world = await createFlowWorld(line, "rows", { timeScale: 0, loneSurrogates: true }, knobs);
    matchIds = await playMatches(world.arena, { count: 14 });
    rounds = await playedRounds(world.arena, matchIds);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const generate = (input: GenerateDatasetInput) =>
    world.client.generateDataset({ minSeverity: 0, matchIds, ...input });
  const markedAs = (...kinds: string[]) =>
    new Set(
      world.arena.planted.flatMap((item) =>
        "eventId" in item && kinds.includes(item.kind) ? [item.eventId] : [],
      ),
    );

  /** The rows of the file, which holds nothing of what was planted for it to be taken out. */
  async function cleanRowsOf(
    execution: Execution<DatasetResult>,
    result: DatasetResult,
  ): Promise<DatasetFileRow[]> {
    const rows = await rowsOf(execution, result);
    const text = rows.map((row) => JSON.stringify(row)).join("\n");
    const secrets = world.arena.planted.filter(({ kind }) => secretKinds.has(kind));
    expect(secrets.length).toBeGreaterThan(50);
    expect(secrets.filter(({ value }) => text.includes(value))).toEqual([]);
    const replaced = Object.values(result.validation.replaced).reduce((sum, count) => sum + count);
    expect(replaced).toBeGreaterThanOrEqual(text.match(placeholder)?.length ?? 0);
    expect(text).toMatch(placeholder);
    return rows;
  }

  it("teaches a target exactly the safe answers that are fit for it, word for word", async () => {
    const execution = await generate({ trainFor: "target" });
    const result = await execution.result();

    const rows = await cleanRowsOf(execution, result);
    const unfit = markedAs("empty-reply", "error-reply", "over-long");
    const seen = new Set<string>();
    const expected = rounds.filter(({ attack, target }) => {
      const isSafe = ["blocked", "detected", "failed"].includes(attack.outcome);
      if (!isSafe || target === undefined || unfit.has(target.id) || unfit.has(attack.id)) {
        return false;
      }
      const text = `${normal(attack.prompt)}\n${normal(target.prompt)}`;
      return !seen.has(text) && seen.add(text);
    });
    expect(expected.length).toBeGreaterThan(30);
    const texts = await Promise.all(
      expected.map(({ attack, target }) => scrubbed(attack.prompt, target!.prompt)),
    );
    expect(
      rows
        .map(({ messages: [{ content: prompt }, { content: answer }] }) =>
          [prompt, answer].map(withoutNumbers),
        )
        .toSorted(byText),
    ).toEqual(texts.toSorted(byText));
    expect(
      new Set(rows.flatMap(({ messages }) => messages.map(({ role }: { role: string }) => role))),
    ).toEqual(new Set(["user", "assistant"]));
    expect(result).toMatchObject({ rowCount: rows.length, matchCount: 14, matchIds });
    expectToAddUp(result, rounds.length);
  });

  it("teaches red by what got through, and not by refusals that were marked as a success", async () => {
    const execution = await generate({ trainFor: "red" });
    const rows = await cleanRowsOf(execution, await execution.result());

    const refused = markedAs("refusal-as-success", "empty-reply", "error-reply");
    const byAttack = new Map(rounds.map((round) => [round.attack.id, round]));
    expect(rows.length).toBeGreaterThan(30);
    for (const { metadata, messages } of rows) {
      const { attack, target } = byAttack.get(metadata.event_id)!;
      expect(metadata).toMatchObject({ outcome: "success", attack_type: attack.attackType });
      expect(refused.has(target!.id)).toBe(false);
      expect(messages.at(-1).role).toBe("assistant");
    }
  });

  it("labels what blue stopped as good and what it let through as bad", async () => {
    const execution = await generate({ trainFor: "blue" });
    const result = await execution.result();
    const rows = await cleanRowsOf(execution, result);

    const byAttack = new Map(rounds.map((round) => [round.attack.id, round]));
    for (const { completion, label, metadata } of rows) {
      const { attack, defense } = byAttack.get(metadata.event_id)!;
      expect(label).toBe(attack.outcome !== "success");
      expect(["success", "blocked", "mitigated", "detected"]).toContain(attack.outcome);
      expect(completion).toBe(defense!.prompt);
    }
    expect(result.validation).toMatchObject({
      kind: "kto",
      labels: {
        good: rows.filter(({ label }) => label).length,
        bad: rows.filter(({ label }) => !label).length,
      },
    });
    expectToAddUp(result, rounds.length);
  });

  it.each(["red", "blue", "target"] as const)(
    "pairs a better with a worse answer of the same match for %s",
    async (trainFor) => {
      const execution = await generate({ trainFor, kind: "dpo" });
      const result = await execution.result();
      const rows = await cleanRowsOf(execution, result);

      const byAttack = new Map(rounds.map((round) => [round.attack.id, round]));
      expect(rows.length).toBeGreaterThan(5);
      for (const { metadata } of rows) {
        const worse = byAttack.get(metadata.event_id)!;
        const better = byAttack.get(metadata.chosen_event_id)!;
        const [leak, safe] = trainFor === "red" ? [better, worse] : [worse, better];
        expect(leak.attack.outcome).toBe("success");
        expect(safe.attack.outcome).not.toBe("success");
        expect(better.matchId).toBe(worse.matchId);
        expect(better.attack.attackType).toBe(worse.attack.attackType);
      }
      expectToAddUp(result, rounds.length);
    },
  );

  it("puts the system prompt before the prompt when it is asked to", async () => {
    const execution = await generate({ trainFor: "red", includeSystemPrompt: true });
    const rows = await rowsOf(execution, await execution.result());

    const prompts = new Map(world.arena.agents.map(({ id, systemPrompt }) => [id, systemPrompt]));
    for (const { messages, metadata } of rows) {
      expect(messages[0]).toEqual({
        role: "system",
        content: prompts.get(metadata.red_agent_id),
      });
    }
  });
});

/** Half of a surrogate pair: no text, and written as the sign for that. */
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const secretKinds = new Set(["api-key", "password", "card-number", "email", "phone"]);
const placeholder = /\[[A-Z_]+_\d+\]/g;

/** What the package's own scrubber makes of texts. It counts by dataset, and the flow by match. */
async function scrubbed(...texts: string[]): Promise<string[]> {
  const wellFormed = texts.map((text) => text.replaceAll(loneSurrogate, "�"));
  return (await createScrubber().scrub(wellFormed)).map(withoutNumbers);
}

function withoutNumbers(text: string): string {
  return text.replaceAll(placeholder, (found) => found.replace(/\d+/, "n"));
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
