import { DatasetError, InputError } from "../../errors.ts";

/** @throws {@link InputError} when one of the files is there already. */
export async function assertFree(paths: readonly string[]): Promise<void> {
  const { lstat } = await import("node:fs/promises");
  const taken: string[] = [];
  for (const path of paths) {
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (exists) taken.push(path);
  }
  if (taken.length === 0) return;
  const message = `${taken.join(", ")} is there already: give another name, or overwrite: true`;
  throw new InputError("Files of a dataset", [{ path: ["overwrite"], message }]);
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
