import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type BuildProgress,
  buildDataset,
  type DatasetFormat,
  loadDataset,
} from "../../../src/datasets/index.ts";
import { exchangeEvents, playArena, readAll, readParquet, temporaryFolder } from "./support.ts";

const { transcripts } = await playArena({ matches: 6, mode: "standard", seed: 5 });
const formats: DatasetFormat[] = ["oumi-jsonl", "openai-jsonl", "json", "parquet"];
const base = { for: "target", kind: "dpo", validationShare: 0.3 } as const;

describe("buildDataset into a folder", () => {
  it("writes every format, a config and the manifest, and nothing else", async () => {
    const folder = join(await temporaryFolder(), "new", "folder");
    const { files } = await buildDataset(transcripts, {
      ...base,
      folder,
      formats,
      trainingConfig: { modelName: "m" },
    });

    const names = ["train", "validation"].flatMap((side) =>
      ["jsonl", "openai.jsonl", "json", "parquet"].map((end) => `target-dpo.${side}.${end}`),
    );
    expect((await readdir(folder)).sort()).toEqual(
      [...names, "target-dpo.oumi.yaml", "target-dpo.manifest.json"].sort(),
    );
    expect(files.at(-1)).toBe(join(folder, "target-dpo.manifest.json"));
    expect(files).toHaveLength(10);
  });

  it("writes the same rows in every format", async () => {
    const folder = await temporaryFolder();
    await buildDataset(transcripts, { ...base, folder, formats });

    const rows = await loadDataset(join(folder, "target-dpo.train.jsonl"));
    const path = (end: string) => join(folder, `target-dpo.train.${end}`);
    expect(await loadDataset(path("json"))).toEqual(rows);
    expect(await loadDataset(path("parquet"))).toEqual(rows);
    expect(await loadDataset(path("openai.jsonl"))).toEqual(
      rows.map(({ metadata: _, ...row }) => row),
    );
    const parquet = await readParquet(path("parquet"));
    expect(
      parquet.map(({ metadata, ...row }) => ({ ...row, metadata: JSON.parse(String(metadata)) })),
    ).toEqual(rows);
  });

  it("tells the size and the SHA-256 of each file", async () => {
    const folder = await temporaryFolder();
    const { manifest } = await buildDataset(transcripts, { ...base, folder, formats });

    for (const { name, bytes, sha256 } of manifest.files) {
      const content = await readFile(join(folder, name));
      expect(content.length).toBe(bytes);
      expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
    }
    expect(JSON.parse(await readFile(join(folder, "target-dpo.manifest.json"), "utf8"))).toEqual(
      manifest,
    );
  });

  it("gives the same bytes for the same source, whether it comes as transcripts or from a file", async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    const source = join(await temporaryFolder(), "transcripts.jsonl");
    await writeFile(
      source,
      transcripts.map((transcript) => `${JSON.stringify(transcript)}\n`).join(""),
    );
    await buildDataset(transcripts, { ...base, folder: one, formats });
    await buildDataset({ files: [source] }, { ...base, folder: two, formats });

    expect(await readAll(two)).toEqual(await readAll(one));
  });

  it("says how a red agent's answers were paired, whatever was asked", async () => {
    const options = { for: "red", kind: "dpo", pairBy: "attack" } as const;
    const { manifest } = await buildDataset(transcripts, options);
    expect(manifest.settings.pairBy).toBe("attack-type");
  });

  it("gives other rows for another seed", async () => {
    const split = async (seed: number) =>
      (await buildDataset(transcripts, { ...base, seed })).manifest.matches.validation;

    expect(await split(1)).not.toEqual(await split(4));
  });

  it("replaces no file unless it is told to", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "target-dpo.train.jsonl"), "mine");

    await expect(buildDataset(transcripts, { ...base, folder })).rejects.toThrow(
      /target-dpo\.train\.jsonl is there already: give another name, or overwrite: true/,
    );
    expect(await readAll(folder)).toEqual(new Map([["target-dpo.train.jsonl", "mine"]]));
    await buildDataset(transcripts, { ...base, folder, overwrite: true });
    expect(await readFile(join(folder, "target-dpo.train.jsonl"), "utf8")).toMatch(/^\{"prompt"/);
  });

  it("replaces no folder, and does not find that out with half of the files in place", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "target-dpo.train.json"));

    await expect(
      buildDataset(transcripts, { ...base, folder, formats, overwrite: true }),
    ).rejects.toThrow(/target-dpo\.train\.json is a folder: give another name/);
    expect(await readdir(folder)).toEqual(["target-dpo.train.json"]);
  });

  it("replaces a link by a file, and never writes through it", async () => {
    const folder = await temporaryFolder();
    const outside = join(await temporaryFolder(), "outside.jsonl");
    await writeFile(outside, "mine");
    await symlink(outside, join(folder, "target-dpo.train.jsonl"));

    await buildDataset(transcripts, { ...base, folder, overwrite: true });
    expect(await readFile(outside, "utf8")).toBe("mine");
  });

  it.each(["../x", "a/b", "a\\b", "C:x", ".hidden", "", "x..y", "x\0y", "x".repeat(101), "é"])(
    "takes no name that could lead elsewhere: %j",
    async (name) => {
      const folder = await temporaryFolder();

      await expect(buildDataset(transcripts, { ...base, folder, name })).rejects.toMatchObject({
        code: "input",
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe("the progress of a build", () => {
  it("goes up, through reading and writing, to the end", async () => {
    const seen: BuildProgress[] = [];
    const { manifest } = await buildDataset(transcripts, {
      ...base,
      onProgress: (progress) => seen.push(progress),
    });

    expect(seen.at(-1)).toEqual({
      phase: "done",
      events: manifest.events.read,
      samples: expect.any(Number),
      rows: manifest.rows.train.rows + manifest.rows.validation.rows,
    });
    expect(seen.map(({ phase }) => phase)).toEqual(["write", "done"]);
    for (const name of ["events", "samples", "rows"] as const) {
      const values = seen.map((progress) => progress[name]);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
  });
});

describe("a build that cannot give what is asked", () => {
  it("says what became of the events when no row is left", async () => {
    const events = exchangeEvents({ outcome: "blocked" });

    await expect(buildDataset(events, { for: "red", kind: "sft" })).rejects.toMatchObject({
      code: "dataset",
      message: expect.stringMatching(
        /No row is left to train a red agent by sft\. Of 3 events: select\/unwanted_outcome 3\./,
      ),
    });
    await expect(buildDataset([], { for: "red", kind: "sft" })).rejects.toThrow(
      /Of 0 events: none/,
    );
  });

  it.each([
    [{ for: "green" }, /for: /],
    [{ kind: "ppo" }, /kind: /],
    [{ seed: 0.5 }, /seed: /],
    [{ validationShare: 2 }, /validationShare: /],
    [{ formats: ["csv"], folder: "x" }, /formats: must be some of oumi-jsonl/],
    [{ formats: ["json"] }, /folder: is needed for files/],
    [{ kind: "kto", formats: ["openai-jsonl"], folder: "x" }, /OpenAI's fine-tuning has no KTO/],
    [
      { trainingConfig: { modelName: "m" }, formats: ["json"], folder: "x" },
      /formats: must have oumi-jsonl/,
    ],
    [
      { trainingConfig: { modelName: "m", epochs: 0 }, folder: "x" },
      /epochs: must be a whole number/,
    ],
    [
      { benign: { controls: [{ prompt: "", answer: "a", refusal: "b" }] } },
      /benign\.controls\[0\]: .*is empty/,
    ],
    [{ benign: { controls: [{ answer: "a", refusal: "b" }] } }, /benign\.controls\[0\]: /],
    [{ benign: { controls: [null] } }, /benign\.controls\[0\]: /],
    [{ seeds: 1 }, /"seeds"/],
  ])("refuses the options %j", async (options, message) => {
    const all = { ...base, ...options } as unknown as Parameters<typeof buildDataset>[1];

    await expect(buildDataset(transcripts, all)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(message),
    });
  });
});

describe("benign controls of one's own", () => {
  it("are scrubbed, and added in the share that was asked for", async () => {
    const controls = Array.from({ length: 200 }, (_, index) => ({
      prompt: `How many pots are in box ${index}? Write to a${index}@example.com.`,
      answer: `There are ${index}.`,
      refusal: "No.",
    }));
    const { train, manifest } = await buildDataset(transcripts, {
      for: "target",
      kind: "sft",
      validationShare: 0,
      benign: { share: 0.5, controls },
    });

    const { rows, benign, benignWanted } = manifest.rows.train;
    expect(benign).toBe(benignWanted);
    expect(benign).toBe(Math.ceil((rows - benign) / 2));
    const added = train.filter(({ metadata }) => metadata?.source === "benign_control");
    expect(added).toHaveLength(benign);
    for (const row of added) expect(row.messages[0]!.content).toMatch(/Write to \[EMAIL_\d+\]\./);
  });
});
