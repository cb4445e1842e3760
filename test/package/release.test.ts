import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { problemsOfVersion } from "../../scripts/release/version.ts";
import { root } from "./pack.ts";

const run = promisify(execFile);
const read = (name: string) => readFile(join(root, name), "utf8");

describe("a release", () => {
  it("has one version: in the package, in the code and at the top of the changelog", async () => {
    expect(problemsOfVersion(root)).toEqual([]);
  });

  it("brings along what THIRD-PARTY.md says, under licences that ask for a notice alone", async () => {
    const script = join(root, "scripts/licences.ts");
    const { stdout, stderr } = await run(process.execPath, [script, "--check"]);
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  });

  it("is explained: every script of package.json is in CONTRIBUTING.md", async () => {
    const { scripts } = JSON.parse(await read("package.json"));
    const text = await read("CONTRIBUTING.md");
    const names = Object.keys(scripts).filter((name) => !name.startsWith("pre"));
    expect(names.filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(text))).toEqual([]);
  });
});
