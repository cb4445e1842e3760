import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { startArena } from "../../../examples/arena/index.ts";
import { KestraArenaClient } from "../../../src/index.ts";
import { root } from "../../docs/pages.ts";
import { arenaApiKey } from "../support/arena-key.ts";

const run = promisify(execFile);
const runner = join(root, "test/docs/run-program.ts");

/** Where a reader's programs are run: a folder, a namespace with the flows, an arena, and the environment that says so. */
export interface Stage extends AsyncDisposable {
  folder: string;
  env: Record<string, string>;
  /** Runs a program of the repository in a process of its own. @returns what it printed. */
  run(file: string): Promise<string>;
}

/** Sets one up on the shared engine. @param name - One a test file or a use. */
export async function setStage(name: string): Promise<Stage> {
  const url = inject("engines")["2.0"];
  const namespace = `arena-tests.docs.${name}`;
  const arena = await startArena({
    timeScale: 0.01,
    red: 2,
    blue: 1,
    targets: 1,
    apiKey: arenaApiKey,
  });
  const client = new KestraArenaClient({ url, namespace });
  await client.flows.deploy();
  await client.kestra.kv.set(namespace, "ARENA_API_URL", arena.url);
  const folder = await mkdtemp(join(tmpdir(), `kestra-arena-${name}-`));
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    PATH,
    HOME,
    KESTRA_URL: url,
    KESTRA_NAMESPACE: namespace,
    ARENA_API_URL: arena.url,
    ARENA_API_KEY: arenaApiKey,
    ARENA_ROUTES_TOKEN: "a-token-of-the-backend-0123456789",
  };
  return {
    folder,
    env,
    run: async (file) => (await run(process.execPath, [runner, file], { cwd: folder, env })).stdout,
    [Symbol.asyncDispose]: async () => {
      for (const schedule of await client.schedules.list()) await schedule.delete();
      await arena.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
