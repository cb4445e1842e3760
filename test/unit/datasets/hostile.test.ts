import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostile } from "../../../examples/arena/phrases/planted.ts";
import {
  buildDataset,
  type DatasetFormat,
  loadDataset,
  type SourceValue,
} from "../../../src/datasets/index.ts";
import { exchangeEvents, readAll, temporaryFolder } from "./support.ts";

const formats: DatasetFormat[] = ["oumi-jsonl", "json", "parquet", "openai-jsonl"];
const oddities = [
  ...hostile.map(({ text }) => text),
  "nul \0 and \u0001 and \u007F",
  "next\u0085line, line\u2028separator, paragraph\u2029separator",
  "__proto__ constructor toString",
  '{"messages": []}',
  "﷽".repeat(300),
  `e${"\u0301".repeat(500)}`,
  "[EMAIL_1] [PASSWORD_999999]",
];

describe("hostile texts", () => {
  it("come out of every format as they went in", async () => {
    const folder = await temporaryFolder();
    const attacks = oddities.map(
      (oddity, index) => `${oddity} — attack number ${"x".repeat(index)}${index * 977}`,
    );
    const events = attacks.flatMap((attack, index) =>
      exchangeEvents({ attack, matchId: `AR-${index}` }),
    );
    await buildDataset(events, {
      for: "red",
      kind: "sft",
      folder,
      formats,
      validationShare: 0,
      nearThreshold: 1,
    });

    for (const end of ["jsonl", "json", "parquet", "openai.jsonl"]) {
      const rows = await loadDataset(join(folder, `red-sft.train.${end}`));
      const texts = rows.map((row) => "messages" in row && row.messages.at(-1)?.content);
      expect(texts).toEqual(attacks);
    }
  });

  it("break no line: a reader that splits at any line end finds as many rows", async () => {
    const folder = await temporaryFolder();
    const events = oddities.flatMap((attack, index) =>
      exchangeEvents({ attack: `${attack} ${index}`, matchId: `AR-${index}` }),
    );
    const { manifest } = await buildDataset(events, {
      for: "red",
      kind: "sft",
      folder,
      validationShare: 0,
      nearThreshold: 1,
    });

    const text = (await readAll(folder)).get("red-sft.train.jsonl");
    expect(text?.trim().split(/\r\n|[\n\r\u0085\u2028\u2029\v\f]/)).toHaveLength(
      manifest.rows.train.rows,
    );
  });

  it("of a megabyte are left out, and end soon", async () => {
    const huge = [
      "a".repeat(1_000_000),
      "1 ".repeat(500_000),
      "@".repeat(1_000_000),
      "\u200B".repeat(1_000_000),
    ];
    const events = [...huge.flatMap((attack) => exchangeEvents({ attack })), ...exchangeEvents({})];

    const { manifest } = await buildDataset(events, { for: "red", kind: "sft" });
    expect(manifest.events.dropped.reject).toEqual({ too_long: 4 });
    expect(manifest.rows.train.rows).toBe(1);
  });

  it("in the place of ids and types go nowhere", async () => {
    const [attack, defense, target] = exchangeEvents({});
    const odd = [
      { matchId: "../../x" },
      { matchId: "x".repeat(1_000_000) },
      { agentId: "\uD83C" },
      { attackType: "write to a@example.com" },
      { matchId: "__proto__", attackType: "__proto__" },
    ].flatMap((change, index) => [
      { ...attack!, ...change, prompt: `attack ${index}: ${"abcdefgh".charAt(index).repeat(30)}` },
      { ...defense!, ...change },
      { ...target!, ...change },
    ]);
    const folder = await temporaryFolder();
    const { manifest } = await buildDataset(odd as SourceValue[], {
      for: "red",
      kind: "sft",
      folder,
      validationShare: 0,
    });

    expect(manifest.matches.train).toEqual(["../../x", "AR-2025-0001", "__proto__"]);
    expect(manifest.events.dropped.reject).toEqual({ odd_id: 2 });
    const texts = await readAll(folder);
    expect([...texts.keys()].sort()).toEqual(["red-sft.manifest.json", "red-sft.train.jsonl"]);
    expect([...texts.values()].join()).not.toContain("a@example.com");
  });
});
