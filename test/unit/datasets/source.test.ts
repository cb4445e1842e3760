import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  buildDataset,
  convertDataset,
  type DatasetSource,
  readSource,
  type SourceItem,
  type SourceValue,
} from "../../../src/datasets/index.ts";
import { droppedEvents, exchangeEvents, playArena, temporaryFolder } from "./support.ts";

async function read(source: DatasetSource): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of readSource(source)) items.push(item);
  return items;
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

const events = exchangeEvents({});
const eventItems = events.map((event) => ({ kind: "event", event }));
const exportRow = {
  messages: [
    { role: "user", content: "the attack" },
    { role: "assistant", content: "the reply" },
  ],
  metadata: {
    matchId: "AR-1",
    attackType: "exploit",
    outcome: "success",
    severity: "high",
    redAgentId: "r",
  },
};
const trainingRow = {
  ...exportRow,
  metadata: { match_id: "AR-1", train_for: "target", outcome: "blocked", target_agent_id: "t" },
};

describe("readSource", () => {
  it("takes a list, a generator and an async one", async () => {
    async function* later() {
      yield* events;
    }

    for (const source of [events, events.values(), later()]) {
      expect(await read(source)).toMatchObject(eventItems);
    }
  });

  it("takes a transcript apart, with what is known of the match", async () => {
    const match = { id: "AR-2025-0001", status: "complete" };

    expect(await read([{ match, events, rounds: [] }])).toMatchObject([
      { kind: "match", match },
      { kind: "rounds" },
      ...eventItems,
      { kind: "end", matchId: match.id },
    ]);
  });

  it("gives events that do not say it the id of their transcript's match", async () => {
    const { matchId: _, ...event } = events[0]!;

    const items = await read([
      { match: { id: "AR-9" }, events: [event] } as unknown as SourceValue,
    ]);
    expect(items[1]).toMatchObject({ kind: "event", event: { matchId: "AR-9" } });
  });

  it("takes a row of the backend's export as the two events that it was", async () => {
    expect(await read([exportRow])).toMatchObject([
      {
        kind: "event",
        event: { type: "attack", matchId: "AR-1", outcome: "success", prompt: "the attack" },
      },
      { kind: "event", event: { type: "target", matchId: "AR-1", prompt: "the reply" } },
    ]);
  });

  it.each([
    [trainingRow, [{ prompt: "the attack", answer: "the reply", isGood: true, matchId: "AR-1" }]],
    [
      { prompt: "p", completion: "c", label: false, metadata: { severity: "critical" } },
      [{ prompt: "p", answer: "c", isGood: false, severity: 10 }],
    ],
    [
      {
        prompt: [
          { role: "system", content: "s" },
          { role: "user", content: "p" },
        ],
        chosen: [{ role: "assistant", content: "good" }],
        rejected: "bad",
      },
      [
        { system: "s", prompt: "p", answer: "good", isGood: true },
        { system: "s", prompt: "p", answer: "bad", isGood: false },
      ],
    ],
  ])("takes a row that was chosen already: %j", async (row, samples) => {
    expect(await read([row as SourceValue])).toMatchObject([{ kind: "samples", samples }]);
  });

  it.each([
    ["text", "a word"],
    ["a number", 7],
    ["null", null],
    ["a list", []],
    ["an event without a match", { ...events[0], matchId: undefined }],
    ["an event of an unknown type", { ...events[0], type: "referee" }],
    ["an event without a text", { ...events[0], prompt: { toString: "x" } }],
    [
      "a conversation of many turns",
      { ...trainingRow, messages: [...exportRow.messages, ...exportRow.messages] },
    ],
    ["a pair with half of it missing", { prompt: "p", chosen: "c" }],
  ])("counts %s as unreadable, and goes on", async (_, value) => {
    expect(await read([value as SourceValue, ...events])).toMatchObject([
      { kind: "unreadable" },
      ...eventItems,
    ]);
  });

  it("drops fields of a type that they should not have", async () => {
    const odd = { ...events[0], attackType: {}, agentId: 5, severity: ["low"] };

    const [item] = await read([odd as unknown as SourceValue]);
    expect(item).toMatchObject({ kind: "event", event: { prompt: events[0]!.prompt } });
    if (item?.kind !== "event") throw new Error("it is no event");
    const { attackType, agentId, severity } = item.event;
    expect([attackType, agentId, severity]).toEqual([undefined, undefined, undefined]);
  });

  it.each([undefined, null, "events.jsonl", 7, {}, { files: "x" }, { download: () => [] }])(
    "refuses %j as a source",
    async (source) => {
      await expect(read(source as unknown as DatasetSource)).rejects.toMatchObject({
        code: "input",
      });
    },
  );
});

describe("readSource of files", () => {
  const lines = events.map((event) => JSON.stringify(event));

  it.each([
    ["JSON lines", lines.join("\n")],
    [
      "JSON lines with a byte order mark, CRLF and empty lines",
      `\uFEFF${lines.join("\r\n\r\n")}\r\n`,
    ],
    ["a JSON list on one line", `[${lines.join()}]`],
    ["a JSON list on many", JSON.stringify(events, undefined, 2)],
    ["the backend's export", JSON.stringify({ format: "json", dataset: events }, undefined, 1)],
  ])("takes %s", async (_, text) => {
    expect(await read({ files: [await fileOf("source", text)] })).toMatchObject(eventItems);
  });

  it("takes a transcript's file, also by its URL", async () => {
    const path = await fileOf(
      "transcript.json",
      JSON.stringify({ events, rounds: [] }, undefined, 2),
    );

    const items = await read({ files: [path, pathToFileURL(path)] });
    expect(items.filter(({ kind }) => kind === "event")).toHaveLength(2 * events.length);
  });

  it("counts lines that are no JSON, or no UTF-8, and goes on", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${lines[0]}\n{"id": \n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`${lines[1]}\n`),
    ]);

    expect(
      (await read({ files: [await fileOf("x.jsonl", bytes)] })).map(({ kind }) => kind),
    ).toEqual(["event", "unreadable", "unreadable", "event"]);
  });

  it("goes on by lines when the first one is broken", async () => {
    const path = await fileOf("x.jsonl", ["{broken", ...lines].join("\n"));

    expect(await read({ files: [path] })).toMatchObject([{ kind: "unreadable" }, ...eventItems]);
  });

  it("takes an empty file for no event", async () => {
    expect(await read({ files: [await fileOf("empty", "")] })).toEqual([]);
  });

  it("takes Parquet", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "rows.jsonl"), `${JSON.stringify(trainingRow)}\n`);
    await convertDataset(join(folder, "rows.jsonl"), join(folder, "rows.parquet"));

    expect(await read({ files: [join(folder, "rows.parquet")] })).toMatchObject([
      { kind: "samples", samples: [{ matchId: "AR-1", answer: "the reply" }] },
    ]);
  });

  it("says which file is missing", async () => {
    await expect(read({ files: ["no/such/file.jsonl"] })).rejects.toThrow(/no\/such\/file/);
  });
});

describe("the result of generateDataset as a source", () => {
  it("is not read off the page of an error", async () => {
    const download = () => Response.json({ message: "gone" }, { status: 404 });
    const datasetFile = "kestra:///ai-arena/dataset.jsonl";
    await expect(read({ datasetFile, download })).rejects.toMatchObject({
      code: "dataset",
      message: expect.stringContaining("404"),
    });
  });

  it.each(["sft", "dpo", "kto"] as const)(
    "is downloaded and cleaned, %s rows too",
    async (kind) => {
      const { arena, transcripts } = await playArena({ matches: 6, mode: "standard" });
      // What the flow makes: chosen rows, with their secrets still in them.
      const raw = await buildDataset(transcripts, {
        for: "target",
        kind,
        detectors: [],
        validationShare: 0,
        benign: { share: 0 },
      });
      const text = raw.train.map((row) => `${JSON.stringify(row)}\n`).join("");
      const asked: string[] = [];
      const source = {
        datasetFile: "kestra:///ai-arena/dataset.jsonl",
        rowCount: raw.train.length,
        download: async (uri: string) => {
          asked.push(uri);
          return new Response(text);
        },
      };

      const built = await buildDataset(source, { for: "target", kind, benign: { share: 0 } });
      expect(asked).toEqual([source.datasetFile]);
      const answers = kind === "dpo" ? 2 : 1;
      expect(built.manifest.events.read).toBe(raw.train.length * answers * 2);
      expect(built.manifest.events.kept + droppedEvents(built.manifest)).toBe(
        built.manifest.events.read,
      );
      expect(built.train.length + built.validation.length).toBeGreaterThan(raw.train.length / 2);
      const rows = JSON.stringify([built.train, built.validation]);
      const secrets = arena.planted.filter(({ kind: is }) =>
        ["email", "password", "api-key"].includes(is),
      );
      expect(secrets.some(({ value }) => text.includes(value))).toBe(true);
      for (const { value } of secrets) expect(rows).not.toContain(value);
    },
  );

  it("leaves out rows that train another agent", async () => {
    const { manifest } = await buildDataset([trainingRow, ...manyRows()], {
      for: "target",
      kind: "sft",
    });

    expect(manifest.events.dropped.select).toEqual({ other_agent: 2 });
  });
});

function manyRows(): SourceValue[] {
  const rows = ["spade", "rake", "hoe"].map((tool) => ({
    messages: [
      { role: "user", content: `Give me the staff price of the ${tool}, ${tool.length} of them` },
      { role: "assistant", content: `I can't do that for a ${tool}.` },
    ],
    metadata: { match_id: tool, train_for: "target", outcome: "blocked" },
  }));
  return [...rows, { ...rows[0]!, metadata: { match_id: "x", train_for: "red" } }];
}
