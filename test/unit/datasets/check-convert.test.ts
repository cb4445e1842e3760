import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  buildDataset,
  checkDataset,
  checkManifest,
  convertDataset,
  loadDataset,
  type ReadRow,
  readDataset,
} from "../../../src/datasets/index.ts";
import { playArena, readParquet, temporaryFolder } from "./support.ts";

const { transcripts } = await playArena({ matches: 6, mode: "standard", seed: 6 });
const kto = (prompt: string, completion: string, label: unknown = true) => ({
  prompt,
  completion,
  label,
});

async function fileOf(name: string, rows: readonly unknown[]): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(
    path,
    rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"),
  );
  return path;
}

async function read(path: string, options = {}): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readDataset(path, options)) rows.push(row);
  return rows;
}

describe("readDataset", () => {
  it("names each bad row by line and reason, and goes on", async () => {
    const path = await fileOf("x.jsonl", [
      kto("a", "b"),
      "{broken",
      "",
      kto("", "b"),
      "null",
      kto("c", "d", "yes"),
    ]);

    expect(await read(path)).toEqual([
      { line: 1, row: kto("a", "b"), kind: "kto" },
      { line: 2, reasons: ["is no JSON"] },
      { line: 4, reasons: ["prompt: is empty"] },
      { line: 5, reasons: ["is no object"] },
      { line: 6, reasons: ["label: is neither true nor false"] },
    ]);
  });

  it("holds every row against the kind of the first, or the one that was asked for", async () => {
    const path = await fileOf("x.jsonl", [kto("a", "b"), { messages: [] }]);

    expect(await read(path)).toMatchObject([
      { kind: "kto" },
      { reasons: expect.arrayContaining(["lacks prompt"]) },
    ]);
    expect(await read(path, { kind: "dpo" })).toMatchObject([
      { reasons: expect.arrayContaining(["lacks chosen"]) },
      { reasons: expect.arrayContaining(["lacks chosen"]) },
    ]);
  });

  it("counts the rows of JSON and Parquet", async () => {
    const path = join(await temporaryFolder(), "x.json");
    await writeFile(path, JSON.stringify([kto("a", "b"), 7]));

    expect(await read(path)).toMatchObject([{ line: 1 }, { line: 2, reasons: ["is no object"] }]);
    const parquet = path.replace("json", "parquet");
    await convertDataset(await fileOf("y.jsonl", [kto("a", "b"), kto("c", "d", false)]), parquet);
    expect(await read(parquet)).toMatchObject([
      { line: 1 },
      { line: 2, row: kto("c", "d", false) },
    ]);
  });

  it("is strict about what OpenAI takes", async () => {
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    const path = await fileOf("x.openai.jsonl", [{ messages }, { messages, metadata: {} }]);

    expect(await read(path)).toMatchObject([
      { kind: "sft" },
      { reasons: ['has the unknown key "metadata"'] },
    ]);
    expect(await read(path, { format: "oumi-jsonl" })).toMatchObject([
      { kind: "sft" },
      { kind: "sft" },
    ]);
  });

  it("says what is no dataset at all", async () => {
    await expect(read(await fileOf("x.txt", []))).rejects.toThrow(
      /format: cannot be told by the file's name/,
    );
    await expect(read(await fileOf("x.json", ['{"a": 1}']))).rejects.toThrow(
      /is no JSON list of rows/,
    );
    await expect(read(await fileOf("x.parquet", ["PAR1 it is not"]))).rejects.toMatchObject({
      code: "dataset",
    });
  });

  it("can be ended", async () => {
    const path = await fileOf("x.jsonl", [kto("a", "b")]);

    await expect(read(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("loadDataset", () => {
  it("throws with all bad rows", async () => {
    const path = await fileOf("x.jsonl", [kto("a", "b"), ...Array.from({ length: 7 }, () => "no")]);

    await expect(loadDataset(path)).rejects.toMatchObject({
      code: "dataset",
      message: expect.stringMatching(/line 2: is no JSON; .* line 6: is no JSON \(and 2 more\)/),
      problems: Array.from({ length: 7 }, (_, index) => ({
        line: index + 2,
        reason: "is no JSON",
      })),
    });
  });
});

describe("checkDataset", () => {
  it("finds secrets that are left, and does not repeat them", async () => {
    const path = await fileOf("x.jsonl", [
      kto("write to a@example.com", "no"),
      kto("b", "password: Tulip-1234!", false),
    ]);

    const check = await checkDataset(path);
    expect(check).toMatchObject({
      kind: "kto",
      rows: 2,
      badRows: 2,
      problems: [
        { line: 1, reason: "prompt: still has what looks like EMAIL" },
        { line: 2, reason: "completion: still has what looks like PASSWORD" },
      ],
    });
    expect(JSON.stringify(check)).not.toContain("Tulip");
    expect(await checkDataset(path, { secrets: false })).toMatchObject({ badRows: 0 });
  });

  it("finds rows that are in the training part too", async () => {
    const text = "Tell me the internal note on the order of the lavender bush, please";
    const train = await fileOf("t.jsonl", [kto("x", "y"), kto(text, "I cannot tell you that.")]);
    const path = await fileOf("v.jsonl", [
      kto("new", "one"),
      kto(`${text}!!`, "i cannot tell you that"),
    ]);

    expect(await checkDataset(path, { against: train })).toMatchObject({
      problems: [{ line: 2, reason: "is (nearly) row 2 of the other file" }],
    });
  });

  it("remarks on what is odd about the whole", async () => {
    const row = kto("a", "b");

    expect((await checkDataset(await fileOf("x.jsonl", [row, row]))).remarks).toEqual([
      "Rows that repeat one before them: 1.",
      "All labels are the same: KTO needs good and bad answers.",
    ]);
    expect((await checkDataset(await fileOf("x.jsonl", []))).remarks).toEqual(["There is no row."]);
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    expect((await checkDataset(await fileOf("x.openai.jsonl", [{ messages }]))).remarks).toEqual([
      "OpenAI asks for at least 10 rows.",
    ]);
  });

  it("lists the first bad rows and counts all", async () => {
    const path = await fileOf(
      "x.jsonl",
      Array.from({ length: 9 }, () => "no"),
    );

    expect(await checkDataset(path, { maxProblems: 2 })).toMatchObject({
      badRows: 9,
      problems: [{ line: 1 }, { line: 2 }],
    });
  });
});

describe("checkManifest", () => {
  async function built(): Promise<string> {
    const folder = await temporaryFolder();
    await buildDataset(transcripts, { for: "target", kind: "sft", folder, validationShare: 0.3 });
    return folder;
  }

  it("notices a file that was changed, and one that is gone", async () => {
    const folder = await built();
    await writeFile(join(folder, "target-sft.train.jsonl"), "{}\n");
    await writeFile(join(folder, "other.json"), "");

    const { isGood, files } = await checkManifest(join(folder, "target-sft.manifest.json"));
    expect(isGood).toBe(false);
    expect(files.map(({ isUnchanged }) => isUnchanged)).toEqual([false, true]);
  });

  it("reads no file outside the manifest's folder", async () => {
    const folder = await built();
    const path = join(folder, "target-sft.manifest.json");
    const names = ["../secret.jsonl", "/etc/hosts", "a\\b", "..", 7];
    for (const file of [...names.map((name) => ({ name })), null]) {
      await writeFile(path, JSON.stringify({ format: "kestra-arena/dataset@1", files: [file] }));
      await expect(checkManifest(path)).rejects.toThrow(/not a plain file name/);
    }
  });

  it("can be ended", async () => {
    const path = join(await built(), "target-sft.manifest.json");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(checkManifest(path, { signal })).rejects.toThrow("enough");
  });

  it("says what is no manifest", async () => {
    await expect(checkManifest(await fileOf("x.json", ["{"]))).rejects.toThrow(/is no manifest/);
    await expect(checkManifest(await fileOf("x.json", ["{}"]))).rejects.toThrow(/is no manifest/);
  });
});

describe("convertDataset", () => {
  it("keeps every row on a way through all formats", async () => {
    const folder = await temporaryFolder();
    await buildDataset(transcripts, { for: "blue", kind: "sft", folder });
    const start = join(folder, "blue-sft.train.jsonl");
    const [json, parquet, back] = ["a.json", "b.parquet", "c.jsonl"].map((name) =>
      join(folder, name),
    );

    await convertDataset(start, json!);
    await convertDataset(json!, parquet!);
    const last = await convertDataset(parquet!, back!);
    expect(await loadDataset(back!)).toEqual(await loadDataset(start));
    expect(last).toMatchObject({ kind: "sft", rows: (await readParquet(parquet!)).length });
    expect(last.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("makes OpenAI's pairs of Oumi's", async () => {
    const path = await fileOf("x.jsonl", [{ prompt: "p", chosen: "good", rejected: "bad" }]);
    const to = path.replace("x.jsonl", "y.openai.jsonl");

    await convertDataset(path, to);
    expect(await loadDataset(to)).toEqual([
      {
        prompt: [{ role: "user", content: "p" }],
        chosen: [{ role: "assistant", content: "good" }],
        rejected: [{ role: "assistant", content: "bad" }],
      },
    ]);
  });

  it("writes nothing when a row is bad, a kind does not fit, or a file is in the way", async () => {
    const path = await fileOf("x.jsonl", [kto("a", "b"), "no"]);
    const folder = join(path, "..");

    await expect(convertDataset(path, join(folder, "y.json"))).rejects.toThrow(
      /line 2: is no JSON/,
    );
    await expect(convertDataset(path, join(folder, "y.openai.jsonl"))).rejects.toThrow(
      /has no KTO/,
    );
    await expect(convertDataset(path, path)).rejects.toThrow(/is there already/);
    await expect(convertDataset(path, join(folder, "y.txt"))).rejects.toThrow(/to: cannot be told/);
    await expect(
      convertDataset(await fileOf("e.jsonl", []), join(folder, "y.json")),
    ).rejects.toThrow(/has no row/);
    expect(await readdir(folder)).toEqual(["x.jsonl"]);
  });
});
