import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { templateIds } from "../../../src/flows/index.ts";
import { readAsset } from "../../../src/templates/assets.ts";
import { compareMeaning, hashMeaning, readMeaning } from "../../../src/templates/meaning.ts";
import { hashContent, readStamp, stampText, unstampText } from "../../../src/templates/stamp.ts";
import { inCallOrder } from "../../../src/templates/subflows.ts";
import { packageVersion } from "../../../src/version.ts";

describe("compareMeaning", () => {
  it("takes format, comments and the order of keys for nothing", async () => {
    for (const flowId of templateIds) {
      const text = await readAsset(flowId, "2");
      const reversed = Object.fromEntries(Object.entries(parse(text)).reverse());
      expect(compareMeaning(readMeaning(stringify(reversed)), readMeaning(text))).toEqual([]);
    }
  });

  it("names what was added, taken and changed, items of a list by their id", () => {
    const deployed = { tasks: [{ id: "a", x: 1 }, { id: "b" }], labels: { l: "1" } };
    const wanted = { tasks: [{ id: "a", x: 2 }, { id: "c" }], concurrency: { limit: 1 } };
    expect(compareMeaning(deployed, wanted)).toEqual([
      { path: "tasks.a.x", deployed: 1, wanted: 2 },
      { path: "tasks.c", deployed: undefined, wanted: { id: "c" } },
      { path: "tasks.b", deployed: { id: "b" }, wanted: undefined },
      { path: "concurrency", deployed: undefined, wanted: { limit: 1 } },
      { path: "labels", deployed: { l: "1" }, wanted: undefined },
    ]);
  });

  it("takes the order of tasks for a part of the meaning", () => {
    const tasks = [{ id: "a" }, { id: "b" }];
    expect(compareMeaning({ tasks }, { tasks: tasks.toReversed() })).toEqual([
      { path: "tasks", deployed: ["a", "b"], wanted: ["b", "a"] },
    ]);
  });

  it("tells a number from a text", () => {
    expect(compareMeaning({ a: 5 }, { a: "5" })).toHaveLength(1);
    expect(compareMeaning({ a: 5 }, { a: 5.0 })).toEqual([]);
  });
});

describe("a stamp", () => {
  const text = "# Mine.\nid: a\nnamespace: b\ntasks: []\n";

  it("is one line on top, and is replaced by the next", async () => {
    const once = await stampText(text, readMeaning(text), "1.2.3");
    expect(once.split("\n").slice(1).join("\n")).toBe(text);
    expect(readStamp(once)).toMatchObject({ version: "1.2.3" });
    const twice = await stampText(once, readMeaning(once), "1.2.4");
    expect(twice.split("\n")).toHaveLength(once.split("\n").length);
    expect(readStamp(twice)?.version).toBe("1.2.4");
    expect(unstampText(twice)).toBe(text);
  });

  it("is the same for the same meaning, and another for another", async () => {
    const hash = await hashContent(readMeaning(text));
    expect(await hashContent(readMeaning("namespace: b\nid:   a\ntasks: []"))).toBe(hash);
    expect(await hashContent(readMeaning(text.replace("id: a", "id: c")))).not.toBe(hash);
    expect(await hashMeaning({ a: 1, b: undefined })).toBe(await hashMeaning({ a: 1 }));
  });

  it("does not cover schedules, which belong to whoever sets them", async () => {
    const schedule = `${text}triggers:\n  - {id: t, type: io.kestra.plugin.core.trigger.Schedule, cron: "@daily"}\n`;
    const webhook = `${text}triggers:\n  - {id: t, type: io.kestra.plugin.core.trigger.Webhook, key: k}\n`;
    const hash = await hashContent(readMeaning(text));
    expect(await hashContent(readMeaning(schedule))).toBe(hash);
    expect(await hashContent(readMeaning(webhook))).not.toBe(hash);
  });
});

describe("inCallOrder", () => {
  const calls: Record<string, string[]> = { a: ["b"], b: ["c", "elsewhere"], c: [], d: [] };

  it("puts callees before their callers and keeps the order otherwise", () => {
    expect(inCallOrder(["d", "a", "b", "c"], (id) => calls[id] ?? [])).toEqual([
      "d",
      "c",
      "b",
      "a",
    ]);
  });

  it("refuses a circle by name", () => {
    expect(() => inCallOrder(["a", "b"], (id) => (id === "a" ? ["b"] : ["a"]))).toThrow(
      "a → b → a",
    );
  });
});

describe("the package's version", () => {
  it("is the one of package.json", async () => {
    const manifest = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    expect(JSON.parse(manifest).version).toBe(packageVersion);
  });
});
