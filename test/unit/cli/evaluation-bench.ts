import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KestraArenaClient } from "kestra-arena";
import { onTestFinished } from "vitest";
import { startArena } from "../../../examples/arena/index.ts";
import { FakeKestra } from "../evaluation/fake-kestra.ts";
import { createBench } from "./run.ts";

/** A folder, a sample arena and a Kestra that plays at once, and the commands against them. */
export async function createEvaluationBench() {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-cli-"));
  const arena = await startArena({ red: 2, blue: 2, targets: 1 });
  const kestra = new FakeKestra();
  kestra.endsPerLook = 100;
  onTestFinished(async () => {
    await arena.close();
    await rm(folder, { recursive: true });
  });
  const { run } = createBench(kestra.client() as KestraArenaClient);
  const path = (name: string) => join(folder, name);
  return {
    arena,
    kestra,
    run,
    path,
    read: (name: string) => readFile(path(name), "utf8"),
    async write(name: string, value: unknown): Promise<string> {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      await writeFile(path(name), text);
      return path(name);
    },
  };
}
