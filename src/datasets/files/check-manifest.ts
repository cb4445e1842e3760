import { DatasetError } from "../../errors.ts";
import type { DatasetManifest, ManifestFile } from "../build/manifest.ts";
import { type CheckOptions, checkDataset, type DatasetCheck } from "./check-dataset.ts";
import { assertFileName } from "./output-folder.ts";

/** What the check of one file came to. */
export interface CheckedFile {
  name: string;
  /** Whether its bytes are those that the manifest tells of; false when it is not there. */
  isUnchanged: boolean;
  /** What is in it; nothing for a config and for a file that is not there. */
  check?: DatasetCheck;
}

/** What the check of a dataset came to. */
export interface ManifestCheck {
  manifest: DatasetManifest;
  files: readonly CheckedFile[];
  /** True when every file is unchanged and has no bad row. */
  isGood: boolean;
}

/**
 * Checks all files of a dataset by its manifest: their bytes, their rows, and that no row of the validation part is
 * in the training part.
 *
 * @throws DatasetError for a file that is no manifest of this package.
 */
export async function checkManifest(
  path: string,
  options: Pick<CheckOptions, "secrets" | "maxProblems" | "signal"> = {},
): Promise<ManifestCheck> {
  const { dirname, join } = await import("node:path");
  const manifest = await readManifest(path);
  const files: CheckedFile[] = [];
  for (const file of manifest.files) {
    const filePath = join(dirname(path), file.name);
    const isUnchanged = (await hashOf(filePath, options.signal)) === file.sha256;
    const checked: CheckedFile = { name: file.name, isUnchanged };
    if (isUnchanged && file.format !== "oumi-config") {
      const train = file.side === "validation" ? trainFileOf(manifest, file) : undefined;
      checked.check = await checkDataset(filePath, {
        ...options,
        kind: manifest.kind,
        for: manifest.for,
        format: file.format,
        against: train === undefined ? undefined : join(dirname(path), train.name),
      });
    }
    files.push(checked);
  }
  const isGood = files.every(({ isUnchanged, check }) => isUnchanged && !check?.badRows);
  return { manifest, files, isGood };
}

async function readManifest(path: string): Promise<DatasetManifest> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path, "utf8");
  let manifest: Partial<DatasetManifest> | undefined;
  try {
    manifest = JSON.parse(text) as Partial<DatasetManifest>;
  } catch {
    manifest = undefined;
  }
  if (manifest?.format !== "kestra-arena/dataset@1" || !Array.isArray(manifest.files)) {
    throw new DatasetError(`${path} is no manifest of a dataset.`);
  }
  // The names are read from a file that may come from anywhere.
  for (const file of manifest.files) assertFileName(file?.name);
  return manifest as DatasetManifest;
}

function trainFileOf(
  manifest: DatasetManifest,
  { format }: ManifestFile,
): ManifestFile | undefined {
  return manifest.files.find((file) => file.side === "train" && file.format === format);
}

async function hashOf(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { createHash } = await import("node:crypto");
  const { createReadStream } = await import("node:fs");
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) {
      signal?.throwIfAborted();
      hash.update(chunk as Uint8Array);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}
