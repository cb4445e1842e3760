import { InputError } from "../errors.ts";
import type { KestraLine } from "../kestra/dialect.ts";
import { packageVersion } from "../version.ts";
import { type FlowSetOptions, loadFlowSet } from "./flow-set.ts";
import { defaultNamespace } from "./load-flow.ts";
import { stampText } from "./stamp.ts";

/** How the flows are written to files. */
export interface ExportOptions extends FlowSetOptions {
  /** The version line of Kestra that they are for. @default "2" */
  line?: KestraLine | undefined;
  /** The namespace. @default "ai-arena" */
  namespace?: string | undefined;
  /** Overwrites files of the same name that hold something else. @default false */
  overwrite?: boolean | undefined;
}

/** As `exportFlows`, which is what the package shows. */
export async function writeFlows(folder: string, options: ExportOptions): Promise<string[]> {
  const { line = "2", namespace = defaultNamespace, overwrite = false, ...set } = options;
  const { mkdir } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const flows = await loadFlowSet(set, { line, namespace });
  const files = await Promise.all(
    flows.map(async ({ flowId, text, meaning }) => ({
      path: join(folder, `${flowId}.yml`),
      text: await stampText(text, meaning, packageVersion),
    })),
  );
  await mkdir(folder, { recursive: true });
  if (!overwrite) await refuseOthers(files);
  await writeAll(files);
  return files.map(({ path }) => path);
}

interface FileToWrite {
  path: string;
  text: string;
}

async function refuseOthers(files: readonly FileToWrite[]): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  const taken: string[] = [];
  for (const { path, text } of files) {
    const present = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
    if (present !== undefined && present !== text) taken.push(path);
  }
  if (taken.length === 0) return;
  const message = `holds something else (${taken.join(", ")}); pass overwrite: true, or another folder`;
  throw new InputError("flows.export", [{ path: ["folder"], message }]);
}

/** Beside their places first, so that what fails, fails before the first file shows. */
async function writeAll(files: readonly FileToWrite[]): Promise<void> {
  const { rename, rm, writeFile } = await import("node:fs/promises");
  const suffix = `.${crypto.randomUUID()}.tmp`;
  try {
    for (const { path, text } of files) await writeFile(path + suffix, text, { flag: "wx" });
    for (const { path } of files) await rename(path + suffix, path);
  } finally {
    await Promise.all(files.map(({ path }) => rm(path + suffix, { force: true })));
  }
}
