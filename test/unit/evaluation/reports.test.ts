import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/evaluation/analysis/analyze.ts";
import { compare } from "../../../src/evaluation/comparison/compare.ts";
import { gate } from "../../../src/evaluation/comparison/gate.ts";
import type { MatchEvent } from "../../../src/evaluation/match-events.ts";
import { chartDrawer } from "../../../src/evaluation/report/charts/draw.ts";
import { renderCsv } from "../../../src/evaluation/report/csv.ts";
import { escapeHtml } from "../../../src/evaluation/report/html/html.ts";
import { renderHtml } from "../../../src/evaluation/report/html/report.ts";
import { parseAnalysis, renderJson } from "../../../src/evaluation/report/json.ts";
import { renderJUnit, xmlText } from "../../../src/evaluation/report/junit.ts";
import { renderMarkdown } from "../../../src/evaluation/report/markdown.ts";
import { renderParquet } from "../../../src/evaluation/report/parquet.ts";
import { renderTerminal } from "../../../src/evaluation/report/terminal.ts";
import { loadOptional } from "../../../src/optional-package.ts";
import { lostRow, row, simulateRows, truth } from "./support.ts";

const rows = [...simulateRows(truth), lostRow(["r1", "b1", "t1"], 4)];
const agents = [{ id: "r1", type: "red" as const, name: "Ember | <b>\u001b[31m" }];
const analysis = analyze(rows, { agents });

describe("renderTerminal", () => {
  it("lines up columns and says what is missing", () => {
    const lines = renderTerminal(analysis).split("\n");
    const start = lines.indexOf("Red agents: attack success rate");
    const table = lines.slice(start + 1, start + 4);
    expect(table[1]?.length).toBe(table[0]?.length);
    expect(lines.join("\n")).toMatch(/1 of 37 matches has no result/);
    expect(lines.join("\n")).toContain("the arena did not answer");
  });

  it("names an interval by its level and never rounds it to 100 %", () => {
    const sure = renderTerminal(analyze(rows, { confidence: 0.995 }));
    expect(sure).toContain("99.5 % interval");
    expect(sure).not.toContain("100 % interval");
  });

  it("lets no name control the terminal", () => {
    expect(renderTerminal(analysis)).not.toContain("\u001b");
  });

  it("counts wide characters as two columns", () => {
    const wide = [{ id: "r1", type: "red" as const, name: "赤組" }];
    const lines = renderTerminal(analyze(rows, { agents: wide })).split("\n");
    const own = lines.find((line) => line.includes("赤組")) ?? "";
    const other = lines.find((line) => line.includes(" r2 ")) ?? "";
    expect(own.indexOf(" %")).toBe(other.indexOf(" %") - 2);
  });
});

describe("renderMarkdown", () => {
  it("keeps a name from breaking the table or becoming markup", () => {
    const markdown = renderMarkdown(analysis, compare(rows, rows));
    expect(markdown).toContain("Ember \\| \\<b\\>�\\[31m");
    expect(markdown).toContain("## By pairing");
    expect(markdown).toContain("# Compared with the baseline");
  });
});

describe("renderCsv", () => {
  it("gives a line a match and escapes formulas", async () => {
    const csv = await renderCsv([
      row(["r1", "b1", "t1"], 1, 5),
      lostRow(["r1", "b1", "t1"], 2, "FAILED", '=HYPERLINK("http://x")'),
    ]);
    const lines = csv.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^red_agent_id,blue_agent_id,target_agent_id,repetition,state/);
    expect(lines[2]).toContain(`"'=HYPERLINK(""http://x"")"`);
  });
});

describe("renderParquet", () => {
  const read = async (batch: Parameters<typeof renderParquet>[0]) => {
    const bytes = await renderParquet(batch);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return {
      schema: parquetSchema(parquetMetadata(file as ArrayBuffer)),
      records: await parquetReadObjects({ file: file as ArrayBuffer }),
    };
  };

  it("can be read back, with nulls where there is no result", async () => {
    const { records } = await read(rows);
    expect(records).toHaveLength(37);
    expect(records[0]).toMatchObject({ red_agent_id: "r1", repetition: 1, state: "SUCCESS" });
    expect(records.at(-1)).toMatchObject({ state: "FAILED", attacks: null });
    const types = JSON.parse(String(records[0]?.attack_type_results)) as object;
    expect(types).toHaveProperty("jailbreak");
  });

  it("has the same columns of the same types without a single result", async () => {
    const names = ({ schema }: Awaited<ReturnType<typeof read>>) =>
      schema.children.map(({ element }) => `${element.name} ${element.type}`);
    expect(names(await read([lostRow(["r", "b", "t"], 1)]))).toEqual(names(await read(rows)));
  });
});

describe("renderJson", () => {
  it("is read back as the same analysis, which shows itself again", () => {
    const again = parseAnalysis(renderJson(analysis));
    expect(JSON.stringify(again)).toBe(JSON.stringify(analysis));
    expect(again.toHTML()).toBe(analysis.toHTML());
  });

  it.each(["{}", "no json", "null", '{"version":2}'])("refuses %s", (text) => {
    expect(() => parseAnalysis(text)).toThrow(/The analysis: is not/);
  });
});

describe("renderJUnit", () => {
  const weaker = simulateRows({ ...truth, blue: { b1: -1, b2: -2 } }, { seed: 2 });

  it("fails where the gate fails", async () => {
    const xml = await renderJUnit(gate(simulateRows(truth), weaker, 0.05));
    expect(xml).toMatch(/<testsuite name="arena evaluation gate".*failures="\d"/);
    expect(xml).toContain('<failure message="The whole interval');
  });

  it("passes where the gate passes", async () => {
    const xml = await renderJUnit(gate(simulateRows(truth), simulateRows(truth), 0.1));
    expect(xml).not.toMatch(/<(failure|error)/);
  });

  it("is an error where the gate cannot tell", async () => {
    const xml = await renderJUnit(gate([], [], 0.1));
    expect(xml).toMatch(/<error message="The two runs have no cell/);
  });

  it("drops what XML forbids", () => {
    expect(xmlText("a\u0000b\u001b\tc\ud800\uffff\n")).toBe("a�b�\tc��\n");
  });
});

describe("renderHtml", () => {
  const event = (more: Partial<MatchEvent>): MatchEvent => ({ id: "e", type: "attack", ...more });

  it("allows its own style sheet by hash and nothing else", async () => {
    const page = await renderHtml(analysis);
    expect(page).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'"/,
    );
    expect(page).not.toMatch(/<script|style="|https?:\/\/(?!www\.w3\.org\/)/);
  });

  it("has a chart for what can be drawn, each with its description", async () => {
    const page = await renderHtml(analysis, { comparison: compare(rows, rows) });
    const charts = page.match(/<svg role="img" aria-label="[^"]+"/g) ?? [];
    // Three sides, two targets, attack types, severity, outcomes and the comparison.
    expect(charts).toHaveLength(9);
  });

  it("gives the same numbers in tables without charts", async () => {
    const page = await renderHtml(analysis, { charts: false });
    expect(page).not.toContain('role="img"');
    expect(page).toContain("By type of attack");
  });

  it("draws nothing where vega is not installed, and hides no other fault", async () => {
    const absent = Object.assign(new Error("no vega"), { code: "ERR_MODULE_NOT_FOUND" });
    expect(await chartDrawer(() => Promise.reject(absent))).toBeNull();
    await expect(chartDrawer(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });

  it("names the package to install where a report needs it", async () => {
    const absent = Object.assign(new Error("no csv"), { code: "ERR_MODULE_NOT_FOUND" });
    const load = loadOptional(() => Promise.reject(absent), "csv-stringify", "A CSV report");
    await expect(load).rejects.toThrow("A CSV report needs the package csv-stringify. Install it");
  });

  it("stays under a megabyte for a thousand matches with long transcripts", {
    timeout: 60_000,
  }, async () => {
    const many = (prefix: string, n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`${prefix}${i}`, i / n - 0.5]));
    const batch = simulateRows(
      { red: many("red", 10), blue: many("blue", 10), target: many("target", 5) },
      { repetitions: 2, attacks: 5 },
    );
    expect(batch).toHaveLength(1_000);
    const transcripts = new Map(
      batch.map(({ matchId }) => [
        matchId ?? "",
        Array.from({ length: 5 }, () =>
          event({
            outcome: "success",
            severity: "critical",
            attackType: "injection",
            prompt: "<&\"'`>".repeat(2_000),
          }),
        ),
      ]),
    );
    const page = await renderHtml(analyze(batch, { transcripts, maxBreaches: 500 }), {
      comparison: compare(batch, batch),
    });
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  it("says that nothing was decided where nothing was played", async () => {
    const page = await renderHtml(analyze([lostRow(["r", "b", "t"], 1)]));
    expect(page).toContain("No decided attack in 0 matches, 1 without a result.");
  });
});

describe("escapeHtml", () => {
  it("escapes what markup is made of, and shows what is invisible", () => {
    expect(escapeHtml("<a b='c'>&\"`")).toBe("&#60;a b=&#39;c&#39;&#62;&#38;&#34;&#96;");
    expect(escapeHtml("a\u202eb\u0000c\ud800")).toBe("a⟦U+202E⟧b⟦U+0000⟧c�");
    expect(escapeHtml("👩‍👧 ❤️ x\ufe0f")).toBe("👩‍👧 ❤️ x⟦U+FE0F⟧");
    expect(escapeHtml(`a${"\u0301".repeat(5)}`)).toBe(`a${"\u0301".repeat(3)}⟦U+0301⟧⟦U+0301⟧`);
  });
});
