import { dialectOf, type KestraLine } from "../kestra/dialect.ts";

/** What was read once: the package's files do not change while it runs. */
const texts = new Map<string, string>();

/**
 * The YAML of a flow as the package ships it.
 *
 * @param line - 1.3 has files of its own only where the lines differ.
 */
export async function readAsset(flowId: string, line: KestraLine): Promise<string> {
  const key = `${line} ${flowId}`;
  const text = texts.get(key) ?? (await readText(flowId, line));
  texts.set(key, text);
  return text;
}

async function readText(flowId: string, line: KestraLine): Promise<string> {
  // At once, since a small file is read in a third of the time that handing it to another thread takes.
  const { readFileSync } = await import("node:fs");
  const folder = await flowsFolder();
  let missing: unknown;
  for (const ofLine of dialectOf(line).flowFolders) {
    try {
      return readFileSync(new URL(`${ofLine}${flowId}.yml`, folder), "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing = error;
    }
  }
  throw missing;
}

let folder: Promise<URL> | undefined;

/** The package's `flows` folder: two levels up from the sources, one from the built files. */
function flowsFolder(): Promise<URL> {
  folder ??= findFolder();
  return folder;
}

async function findFolder(): Promise<URL> {
  const { access } = await import("node:fs/promises");
  for (const path of ["../flows/", "../../flows/"]) {
    const candidate = new URL(path, import.meta.url);
    try {
      await access(new URL("match-orchestration.yml", candidate));
      return candidate;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new Error(
    "The flow templates of kestra-arena are not beside its code: a bundler left them out. Mark kestra-arena as external, " +
      "or copy its flows folder to where the bundle is.",
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
