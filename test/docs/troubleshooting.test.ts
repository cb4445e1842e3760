import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPage, root } from "./pages.ts";

/** The codes of a table below a heading of the page, one a row. */
function tableCodes(heading: string): string[] {
  const section = readPage("docs/guides/troubleshooting.md").split(`\n## ${heading}\n`)[1] ?? "";
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^\| `(\w+)` /gm)].map(([, code = ""]) => code).sort();
}

/** The members of a union of texts in a source file. */
function unionOf(file: string, start: RegExp): string[] {
  const source = readFileSync(join(root, file), "utf8");
  const [, union = ""] = new RegExp(`${start.source}([^;]*);`).exec(source) ?? [];
  return [...union.matchAll(/"(\w+)"/g)].map(([, code = ""]) => code).sort();
}

describe("the troubleshooting page", () => {
  it.each([
    ["What the doctor finds", "src/doctor/findings.ts", /type DoctorCode =/],
    ["Errors", "src/errors/base.ts", /type ArenaErrorCode =/],
    ["Warnings", "src/config.ts", /interface ArenaWarning \{[\s\S]*?code:/],
  ])("explains every code under %s, and no other", (heading, file, start) => {
    const codes = unionOf(file, start);
    expect(codes.length).toBeGreaterThan(5);
    expect(tableCodes(heading)).toEqual(codes);
  });
});
