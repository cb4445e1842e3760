import { DatasetError, InputError } from "../../errors.ts";

/** @throws {@link InputError} when one of the files is there and may not be replaced, or is a folder and cannot be. */
export async function assertWritable(paths: readonly string[], overwrite: boolean): Promise<void> {
  const { lstat } = await import("node:fs/promises");
  const folders: string[] = [];
  const files: string[] = [];
  for (const path of paths) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats !== undefined) (stats.isDirectory() ? folders : files).push(path);
  }
  if (folders.length > 0) throw inTheWay(`${folders.join(", ")} is a folder: give another name`);
  if (files.length === 0 || overwrite) return;
  throw inTheWay(`${files.join(", ")} is there already: give another name, or overwrite: true`);
}

function inTheWay(message: string): InputError {
  return new InputError("Files of a dataset", [{ path: ["overwrite"], message }]);
}

// Letters, digits and a few signs: no separator, no drive, no hidden file, and no way up.
const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** @throws {@link InputError} for a name that is more than the beginning of a file's name. */
export function assertSafeName(name: string): void {
  if (safeName.test(name) && !name.includes("..")) return;
  const message =
    "must be up to 100 letters, digits, '.', '_' or '-', and begin with a letter or a digit";
  throw new InputError("Files of a dataset", [{ path: ["name"], message }]);
}

/** @throws {@link DatasetError} for a name in a manifest that leads out of its folder. */
export function assertFileName(name: unknown): void {
  if (
    typeof name === "string" &&
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name) &&
    !name.includes("..")
  )
    return;
  throw new DatasetError("The manifest names a file that is not a plain file name.");
}
