import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { buildDataset, checkManifest, type DatasetKind } from "../../../src/datasets/index.ts";
import { playMatches } from "../support/arena-matches.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
const kinds: DatasetKind[] = ["sft", "dpo", "kto"];

describe.each(lines)("a dataset out of a run of dataset-generation on Kestra %s", (line) => {
  let world: FlowWorld;
  let matchIds: string[];

  beforeAll(async () => {
    // The flow scrubs, too: left to it, nothing would show that the package does.
    const variables = { scrub: false };
    const options = { timeScale: 0, loneSurrogates: true };
    world = await createFlowWorld(line, "dataset.build", options, variables);
    matchIds = await playMatches(world.arena, { count: 12, mode: "deep" });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it.each(kinds)("is cleaned and complete, by %s", async (kind) => {
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-datasets-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const execution = await world.client.generateDataset({
      matchIds,
      minSeverity: 0,
      trainFor: "target",
      kind,
    });
    const result = await execution.result();
    const raw = await (await execution.download(result.datasetFile)).text();

    const { manifest } = await buildDataset(
      { ...result, download: (uri) => execution.download(uri) },
      { for: "target", kind, folder, formats: ["oumi-jsonl", "parquet"], validationShare: 0.3 },
    );

    const secrets = world.arena.planted.filter(({ kind: planted }) =>
      ["api-key", "password", "card-number", "email", "phone"].includes(planted),
    );
    const rows = await Promise.all(
      manifest.files
        .filter(({ name }) => name.endsWith(".jsonl"))
        .map(({ name }) => readFile(join(folder, name), "utf8")),
    );
    const texts = (text: string) =>
      secrets.filter(({ value }) => text.includes(JSON.stringify(value).slice(1, -1)));
    // Of good examples alone few hold any.
    if (kind !== "sft") expect(texts(raw).length).toBeGreaterThan(0);
    expect(texts(rows.join())).toEqual([]);

    const answers = kind === "dpo" ? 2 : 1;
    expect(manifest.events.read).toBe(result.rowCount * answers * 2);
    const dropped = Object.values(manifest.events.dropped).flatMap((reasons) =>
      Object.values(reasons),
    );
    expect(manifest.events.kept + dropped.reduce((sum, count) => sum + count, 0)).toBe(
      manifest.events.read,
    );
    expect(manifest.events.kept).toBeGreaterThan(manifest.events.read / 2);
    expect(matchIds).toEqual(expect.arrayContaining([...manifest.matches.train]));
    const { isGood, files } = await checkManifest(join(folder, `target-${kind}.manifest.json`));
    expect(files.flatMap(({ check }) => check?.problems ?? [])).toEqual([]);
    expect(isGood).toBe(true);
  });
});
