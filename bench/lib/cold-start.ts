import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { median } from "./statistics.ts";

const run = promisify(execFile);

/** At least fifteen, as the method has it; goal 1 is near enough to its limit for more. */
const rounds = 31;

/**
 * How long a fresh process takes for each script, in milliseconds over an empty one: the scripts take turns, and the
 * medians count.
 *
 * @param scripts - Source text by name; `import` and absolute paths only.
 */
export async function coldStarts<Name extends string>(
  scripts: Record<Name, string>,
): Promise<Record<Name, number>> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-cold-"));
  const names = Object.keys(scripts) as Name[];
  const times = new Map<string, number[]>();
  try {
    await writeFile(join(folder, "empty.mjs"), "");
    for (const name of names) await writeFile(join(folder, `${name}.mjs`), scripts[name]);
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ["empty", ...names]) {
        const startedAt = performance.now();
        await run(process.execPath, [join(folder, `${name}.mjs`)]);
        const list = times.get(name) ?? [];
        list.push(performance.now() - startedAt);
        times.set(name, list);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const empty = median(times.get("empty") ?? []);
  return Object.fromEntries(
    names.map((name) => [name, median(times.get(name) ?? []) - empty]),
  ) as Record<Name, number>;
}
