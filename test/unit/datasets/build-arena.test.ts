import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BuiltDataset,
  buildDataset,
  checkManifest,
  type DatasetAgent,
  type DatasetFormat,
  type DatasetKind,
  type DatasetRow,
  isErrorReply,
  isRefusal,
  type KtoRow,
  loadDataset,
  type SftRow,
  type Side,
} from "../../../src/datasets/index.ts";
import { attackOf, jaccard, shingles } from "./row-texts.ts";
import { droppedEvents, playArena, readAll } from "./support.ts";

const played = await playArena({ matches: 12, seed: 3 });
const { arena, transcripts } = played;
const secrets = arena.planted.filter(({ kind }) =>
  ["api-key", "password", "card-number", "email", "phone"].includes(kind),
);

const cases: [DatasetAgent, DatasetKind][] = [
  ["red", "sft"],
  ["red", "dpo"],
  ["red", "kto"],
  ["blue", "sft"],
  ["blue", "dpo"],
  ["blue", "kto"],
  ["target", "sft"],
  ["target", "dpo"],
  ["target", "kto"],
];

describe.each(cases)("a dataset for %s by %s, from matches of the sample arena", (agent, kind) => {
  let folder: string;
  let built: BuiltDataset;
  let rows: Record<Side, DatasetRow[]>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kestra-arena-datasets-"));
    const formats: DatasetFormat[] = ["oumi-jsonl", "json", "parquet"];
    if (kind !== "kto") formats.push("openai-jsonl");
    built = await buildDataset(transcripts, {
      for: agent,
      kind,
      folder,
      formats,
      validationShare: 0.3,
      agents: arena.agents,
      systemPrompts: true,
      trainingConfig: { modelName: "a-model" },
    });
    rows = {
      train: await loadDataset(join(folder, `${agent}-${kind}.train.jsonl`)),
      validation: await loadDataset(join(folder, `${agent}-${kind}.validation.jsonl`)),
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("holds none of the planted secrets in any of its files", async () => {
    const texts = await readAll(folder);

    expect(texts.size).toBe(built.files.length);
    expect(secrets.length).toBeGreaterThan(50);
    const found = [...texts].flatMap(([name, text]) =>
      secrets.flatMap(({ value }) =>
        text.includes(JSON.stringify(value).slice(1, -1)) ? [`${name}: ${value}`] : [],
      ),
    );
    expect(found).toEqual([]);
  });

  it("has no (nearly) equal attack on both sides of the split", () => {
    const attacks = (side: Side) =>
      [...new Set(rows[side].flatMap((row) => attackOf(row, agent)))].map(shingles);
    const [inTrain, inValidation] = [attacks("train"), attacks("validation")];

    expect(inTrain.length).toBeGreaterThan(50);
    expect(inValidation.length).toBeGreaterThan(10);
    const most = Math.max(
      ...inValidation.flatMap((one) => inTrain.map((other) => jaccard(one, other))),
    );
    expect(most).toBeLessThan(0.9);
  });

  it("has whole matches on one side", () => {
    const { train, validation } = built.manifest.matches;

    expect(train.length).toBeGreaterThan(0);
    expect(validation.length).toBeGreaterThan(0);
    expect(train.filter((id) => validation.includes(id))).toEqual([]);
  });

  it("accounts for every event that was read", () => {
    const { events, rows: counts } = built.manifest;

    expect(events.read).toBe(transcripts.reduce((sum, match) => sum + match.events.length, 0));
    expect(events.kept + droppedEvents(built.manifest)).toBe(events.read);
    const eventsARow = (agent === "red" ? 1 : 2) * (kind === "dpo" ? 2 : 1);
    const fromMatches =
      counts.train.rows - counts.train.benign + counts.validation.rows - counts.validation.benign;
    expect(events.kept).toBe(fromMatches * eventsARow);
    expect(rows.train).toHaveLength(counts.train.rows);
    expect(rows.validation).toHaveLength(counts.validation.rows);
  });

  it("passes its own check", async () => {
    const { isGood, files } = await checkManifest(join(folder, `${agent}-${kind}.manifest.json`));

    expect(files.flatMap(({ check }) => check?.problems ?? [])).toEqual([]);
    expect(isGood).toBe(true);
  });
});

describe("what a dataset from the sample arena is taught by", () => {
  const answers = (rows: readonly KtoRow[], label: boolean) =>
    rows.filter((row) => row.label === label).map(({ completion }) => completion);

  it("has no empty and no error reply, whichever label it would have", async () => {
    const { train, validation } = await buildDataset(transcripts, { for: "target", kind: "kto" });

    for (const { completion } of [...train, ...validation]) {
      expect(completion.trim()).not.toBe("");
      expect(isErrorReply(completion)).toBe(false);
    }
  });

  it("never teaches that a refusal was a leak", async () => {
    const { train, validation } = await buildDataset(transcripts, {
      for: "target",
      kind: "kto",
      benign: { share: 0 },
    });

    const bad = answers([...train, ...validation], false);
    expect(bad.length).toBeGreaterThan(50);
    expect(bad.filter(isRefusal)).toEqual([]);
    expect(answers([...train, ...validation], true).filter(isRefusal).length).toBeGreaterThan(50);
  });

  it("teaches a red agent no attack whose success was a mistake", async () => {
    const { train, validation } = await buildDataset(transcripts, { for: "red", kind: "sft" });

    const mislabelled = new Set<string>();
    const wrong = new Set(
      arena.planted.flatMap((item) =>
        "eventId" in item &&
        ["refusal-as-success", "error-reply", "empty-reply"].includes(item.kind)
          ? [item.eventId]
          : [],
      ),
    );
    for (const { events } of transcripts) {
      for (const [index, event] of events.entries()) {
        if (wrong.has(event.id)) mislabelled.add(events[index - 2]!.prompt);
      }
    }
    const taught = [...train, ...validation].map(
      ({ messages }: SftRow) => messages.at(-1)!.content,
    );
    expect(mislabelled.size).toBeGreaterThan(20);
    expect(taught.filter((text) => mislabelled.has(text))).toEqual([]);
  });

  it("learns from successful attacks, from defences that held, and from safe replies", async () => {
    const outcomes = async (agent: DatasetAgent) => {
      const { train } = await buildDataset(transcripts, {
        for: agent,
        kind: "sft",
        benign: { share: 0 },
      });
      return new Set(train.map(({ metadata }) => metadata?.outcome));
    };

    expect(await outcomes("red")).toEqual(new Set(["success"]));
    expect(await outcomes("blue")).toEqual(new Set(["blocked", "mitigated", "detected"]));
    expect(await outcomes("target")).toEqual(new Set(["blocked", "detected", "failed"]));
  });

  it("leaves out cancelled matches and those that were played for evaluation", async () => {
    const evaluated = transcripts.map(({ match, ...rest }, index) => ({
      ...rest,
      match: {
        ...match!,
        ...(index === 0 && { status: "cancelled" }),
        ...(index === 1 && { metadata: { purpose: "evaluation" } }),
        ...(index === 2 && { metadata: { evaluationOnly: true } }),
      },
    }));
    const { manifest } = await buildDataset(evaluated, {
      for: "red",
      kind: "sft",
      evaluationMatchIds: [transcripts[3]!.match!.id],
    });

    const used = [...manifest.matches.train, ...manifest.matches.validation];
    const left = transcripts.slice(0, 4).map(({ match }) => match!.id);
    expect(used).toHaveLength(transcripts.length - 4);
    expect(used.filter((id) => left.includes(id))).toEqual([]);
    expect(manifest.events.dropped.reject).toMatchObject({
      unfinished_match: expect.any(Number),
      evaluation_only: expect.any(Number),
    });
  });

  it("leaves out what the caller knows to be for evaluation, though the source does not say it", async () => {
    const { id } = transcripts[0]!.match!;
    const { manifest } = await buildDataset(transcripts, {
      for: "red",
      kind: "sft",
      matches: [{ id, metadata: { evaluationOnly: true } }],
    });

    expect([...manifest.matches.train, ...manifest.matches.validation]).not.toContain(id);
    expect(manifest.events.dropped.reject).toHaveProperty("evaluation_only");
  });

  it("names the agents with their versions", async () => {
    const { manifest } = await buildDataset(transcripts, {
      for: "blue",
      kind: "sft",
      agents: arena.agents,
    });

    const known = arena.agents.find(({ id }) => id === manifest.agents[0]?.id);
    expect(manifest.agents).toHaveLength(8);
    expect(manifest.agents[0]).toEqual({
      id: known?.id,
      name: known?.name,
      version: known?.version,
      model: known?.model,
    });
  });
});
