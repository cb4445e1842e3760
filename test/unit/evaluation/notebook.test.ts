import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { analyze, compare, latin, plan } from "../../../src/evaluation/index.ts";
import { lostRow, row, simulateRows, truth } from "./support.ts";

const rows = [...simulateRows(truth), lostRow(["r1", "b1", "t1"], 4, "FAILED", "no <answer>")];
const analysis = analyze(rows);

describe("what a notebook's cell shows", () => {
  it("draws its bars in the colour of the text, as a cell has no style sheet of the report", () => {
    const [bar = ""] = /<svg.*?<\/svg>/.exec(analysis.toHTML()) ?? [];
    expect(bar).toMatch(/^<svg [^>]*width="\d+" height="\d+"[^>]*fill="currentColor"/);
    expect(bar).toContain('stroke="currentColor"');
    expect(bar).not.toMatch(/(fill|stroke)="(?!currentColor)/);
  });

  const combinations = latin({ red: ["r1", "r2"], blue: ["b1", "b2"], target: ["t1", "t2"] });
  it.each([
    ["an analysis", analysis],
    ["a comparison", compare(rows, rows.slice(2))],
    ["a plan", plan({ combinations, matchesPerCombination: 2, mode: "quick" })],
  ])("styles %s and nothing else in the notebook", (_name, value) => {
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(value.toHTML()) ?? [];
    const selectors = [...style.matchAll(/([^{}]+)\{/g)].flatMap(([, list = ""]) =>
      list.split(/,(?=\.)/),
    );
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.filter((selector) => !selector.startsWith(".kestra-arena "))).toEqual([]);
  });

  it("lists the matches without a result, as the text does", () => {
    expect(inspect(analysis)).toContain("no <answer>");
    expect(analysis.toHTML()).toContain("<caption>Matches without a result</caption>");
    expect(analysis.toHTML()).toContain("no &#60;answer&#62;");
  });

  it("has no table where there is nothing to show", () => {
    expect(analyze([]).toHTML()).not.toContain("<table>");
    expect(analyze([row(["r1", "b1", "t1"], 1, 5)]).toHTML()).not.toContain("without a result<");
  });
});
