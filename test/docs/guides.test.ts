import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { problemOf, readCommands } from "./commands.ts";
import { type Block, listDocuments, listPages, readBlocks, readPage, root } from "./pages.ts";
import { writePrograms } from "./programs.ts";

const run = promisify(execFile);

const blocks = listPages().flatMap(readBlocks);
const of = (...languages: string[]) =>
  blocks.filter(({ language }) => languages.includes(language));
const at = ({ page, line }: Block) => `${page}:${line}`;

describe("the blocks of README and the guides", () => {
  it("are of languages that are held here", () => {
    const held = new Set(["ts", "js", "sh", "yaml", "json", "text", "html", "sql", "nginx"]);
    expect(blocks.filter(({ language }) => !held.has(language)).map(at)).toEqual([]);
  });

  it("compile against the package's types, all of them in one program", async () => {
    const programs = writePrograms("compile");
    const folder = dirname(programs[0]?.file ?? "");
    const tsconfig = join(folder, "tsconfig.json");
    const files = [...programs.map(({ file }) => file), join(root, "test/docs/given.ts")];
    await writeFile(
      tsconfig,
      JSON.stringify({ extends: join(root, "tsconfig.json"), files, include: [] }),
    );
    const tsc = join(root, "node_modules", ".bin", "tsc");
    const errors = await run(process.execPath, [tsc, "-p", tsconfig], { cwd: folder }).then(
      () => "",
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
    expect(errors).toBe("");
  });

  it("that are for a browser are read without an error", async () => {
    for (const { code } of of("js")) await transform(code, { loader: "js" });
  });

  it("that are YAML or JSON can be read", () => {
    const problems = of("yaml", "json").flatMap((block) =>
      parseDocument(block.code).errors.map(({ message }) => `${at(block)}: ${message}`),
    );
    expect(problems).toEqual([]);
  });

  it("that are commands name programs, scripts, options and files that exist", () => {
    const problems = of("sh").flatMap((block) =>
      readCommands(block).flatMap((words) => {
        const problem = problemOf(words);
        return problem === undefined ? [] : `${at(block)}: ${words.join(" ")}: ${problem}`;
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe("the links of README and the guides", () => {
  it("lead from README to every guide", () => {
    const text = readPage("README.md");
    const guides = listPages().filter((page) => page !== "README.md");
    expect(guides.filter((page) => !text.includes(`](${page})`))).toEqual([]);
  });

  it.each(listDocuments())("lead from %s to files that exist", (page) => {
    const text = readPage(page).replaceAll(/```[\s\S]*?```/g, "");
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(
      ([, target = ""]) => target,
    );
    const missing = targets
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => !existsSync(join(root, normalize(join(dirname(page), target)))));
    expect(missing).toEqual([]);
  });
});
