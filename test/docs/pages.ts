import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** The page, from the repository's root. */
  page: string;
  /** The line of its fence, from 1. */
  line: number;
  /** The first word after the fence: `ts`, `sh`, …. */
  language: string;
  /** The words after the language: what the tests are to know of the block. */
  marks: readonly string[];
  code: string;
}

/** The pages whose blocks are held: README and every guide. */
export function listPages(): string[] {
  const guides = readdirSync(new URL("../../docs/guides/", import.meta.url));
  const pages = guides.filter((name) => name.endsWith(".md")).map((name) => `docs/guides/${name}`);
  return ["README.md", ...pages.sort()];
}

/** All pages whose links are held: those, and what else there is to read. */
export function listDocuments(): string[] {
  const others = readdirSync(new URL("../../docs/", import.meta.url), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".md") && !/^(api|guides)\b/.test(name))
    .map((name) => `docs/${name}`);
  return [...listPages(), ...others.sort(), "CONTRIBUTING.md", "CHANGELOG.md"];
}

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
}

/** The fenced blocks of a page, in order; those inside a list are moved to the margin. */
export function readBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; fence: string; indent: string; lines: string[] } | undefined;
  for (const [index, line] of readPage(page).split("\n").entries()) {
    if (open === undefined) {
      const [, indent = "", fence = "", info = ""] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
      if (fence === "") continue;
      const [language = "", ...marks] = info.trim().split(/\s+/);
      const block = { page, line: index + 1, language, marks, code: "" };
      open = { block, fence, indent, lines: [] };
    } else if (line.trim() === open.fence) {
      blocks.push({ ...open.block, code: `${open.lines.join("\n")}\n` });
      open = undefined;
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trim());
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.block.line}: the block has no end.`);
  return blocks;
}
