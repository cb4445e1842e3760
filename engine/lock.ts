import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/**
 * Runs `action` while no other process on this machine runs one under the same `file`.
 * A lock whose holder is gone is taken over.
 */
export async function withLock<Result>(
  file: string,
  action: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  await mkdir(dirname(file), { recursive: true });
  while (!(await acquire(file))) {
    if (!(await isHeld(file))) await rm(file, { force: true });
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isHeld(file: string): Promise<boolean> {
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // Empty between its creation and the writing of the process id: held, by somebody just now.
  if (holder === 0) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
