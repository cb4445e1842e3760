import { readFile } from "node:fs/promises";

/** Stands for a default that is told in words, such as "the mode's own". */
const inWords = Symbol("a default in words");

/**
 * The defaults that the JSDoc of a flow's input names, by property: a number, a boolean or a quoted text as its value,
 * anything else as {@link inWords}.
 */
export async function documentedDefaults(flowId: string): Promise<Map<string, unknown>> {
  const source = new URL(`../../../src/flows/${flowId}.ts`, import.meta.url);
  const text = await readFile(source, "utf8");
  const block = /export interface \w*Input \{([\s\S]*?)\n\}/.exec(text)?.[1];
  if (block === undefined) throw new Error(`${flowId}.ts has no interface …Input.`);
  const defaults = new Map<string, unknown>();
  for (const [, comment = "", name = ""] of block.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+)\??:/g,
  )) {
    const documented = /@default (.*?)\s*$/m.exec(comment)?.[1];
    if (documented !== undefined) defaults.set(name, readDefault(documented));
  }
  return defaults;
}

function readDefault(documented: string): unknown {
  try {
    // A comment cannot hold the end of one.
    return JSON.parse(documented.replaceAll("*\\/", "*/"));
  } catch {
    return inWords;
  }
}
