import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, listPages, readBlocks, root } from "./pages.ts";

/**
 * A program of a page: its `ts` blocks as somebody who follows it puts them together. A block that begins with an import
 * begins a program; one that does not goes on with the last.
 */
export interface Program {
  /** The page, from the repository's root. */
  page: string;
  /** Its first block's line. */
  line: number;
  /** Where it was written to. */
  file: string;
  /** False for a program with a block marked `no-run`: it is compiled, and not run. */
  isRun: boolean;
  /** What it has to print, from the `text output` blocks; `…` stands for anything. */
  output: readonly string[];
}

/** Inside the repository, so that `kestra-arena` is the built package by its own name. */
const folder = join(root, ".cache", "docs");

/** Writes the programs of all pages, one file each, whose lines are those of the page. */
export function writePrograms(name: string): Program[] {
  const target = join(folder, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  return listPages().flatMap((page) =>
    groupBlocks(page).map((blocks) => writeProgram(target, page, blocks)),
  );
}

function groupBlocks(page: string): Block[][] {
  const programs: Block[][] = [];
  for (const block of readBlocks(page)) {
    if (block.language === "ts") {
      const isNew = programs.length === 0 || /^import\s/m.test(block.code);
      if (isNew) programs.push([block]);
      else programs.at(-1)?.push(block);
    } else if (block.language === "text" && block.marks.includes("output")) {
      programs.at(-1)?.push(block);
    }
  }
  return programs;
}

function writeProgram(target: string, page: string, blocks: readonly Block[]): Program {
  const code = blocks.filter(({ language }) => language === "ts");
  const line = code[0]?.line ?? 0;
  const name = page.replace(/^.*\//, "").replace(/\.md$/, "").toLowerCase();
  const file = join(target, `${name}-${line}.ts`);
  let text = "";
  for (const block of code) {
    // So that an error's line is the page's.
    text += "\n".repeat(block.line - text.split("\n").length + 1) + block.code;
  }
  writeFileSync(file, `${text}export {};\n`);
  return {
    page,
    line,
    file,
    isRun: !code.some(({ marks }) => marks.includes("no-run")),
    output: blocks.filter(({ language }) => language === "text").map((block) => block.code),
  };
}
