import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Arena, startArena } from "../../../examples/arena/index.ts";
import { KestraArenaClient } from "../../../src/index.ts";
import { root } from "../../docs/pages.ts";
import { type Program, writePrograms } from "../../docs/programs.ts";
import { arenaApiKey } from "../support/arena-key.ts";

const run = promisify(execFile);
const runner = join(root, "test/docs/run-program.ts");

const programs = writePrograms("run").filter(({ isRun }) => isRun);
const pages = [...new Set(programs.map(({ page }) => page))];

/** Each page is followed on its own: a folder, a namespace, and its programs one after the other. */
describe.each(pages)("who follows %s", (page) => {
  const own = programs.filter((program) => program.page === page);
  const name = page.replace(/^.*\//, "").replace(/\.md$/, "").toLowerCase();
  const namespace = `arena-tests.docs.${name}`;
  let arena: Arena;
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    const url = inject("engines")["2.0"];
    arena = await startArena({ timeScale: 0.01, red: 2, blue: 2, targets: 1, apiKey: arenaApiKey });
    folder = await mkdtemp(join(tmpdir(), `kestra-arena-${name}-`));
    const { PATH = "", HOME = "" } = process.env;
    env = {
      PATH,
      HOME,
      KESTRA_URL: url,
      KESTRA_NAMESPACE: namespace,
      ARENA_API_URL: arena.url,
      ARENA_API_KEY: arenaApiKey,
      ARENA_ROUTES_TOKEN: "a-token-of-the-backend-0123456789",
    };
    const client = new KestraArenaClient({ url, namespace });
    await client.kestra.kv.set(namespace, "ARENA_API_URL", arena.url);
    await client.flows.deploy();
  });
  afterAll(async () => {
    const client = new KestraArenaClient({ url: env["KESTRA_URL"], namespace });
    for (const schedule of await client.schedules.list()) await schedule.delete();
    await arena.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(own.map((program) => [program.line, program] as const))(
    "gets what the block at line %i says",
    async (_line, { file, output }: Program) => {
      const { stdout } = await run(process.execPath, [runner, file], { cwd: folder, env });
      for (const text of output) expect(stdout).toMatch(patternOf(text));
    },
  );
});

/** The printed text with `…` for what differs from run to run. */
function patternOf(text: string): RegExp {
  return new RegExp(text.trim().split("…").map(RegExp.escape).join(".*?"));
}
