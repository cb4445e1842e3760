import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, startEngine } from "../../../engine/index.ts";
import { type Arena, startArena } from "../../../examples/arena/index.ts";
import {
  bySide,
  type EvaluationBatch,
  type EvaluationMatrix,
  evaluate,
  fetchAgents,
  roundRobin,
} from "../../../src/evaluation/index.ts";
import { seededRandom } from "../../../src/evaluation/statistics/random.ts";
import { KestraArenaClient } from "../../../src/index.ts";
import type { ChildSettings } from "./evaluate-child.ts";

const namespace = "ai-arena.evaluation";
const kills = 10;
const child = fileURLToPath(new URL("./evaluate-child.ts", import.meta.url));

describe("a batch that is killed at random points and resumed", () => {
  const random = seededRandom(2026);
  let folder: string;
  let engine: Engine;
  let arena: Arena;
  let matrix: EvaluationMatrix;
  let undisturbed: string[];

  const startKestra = (port?: number) =>
    startEngine({
      store: { file: join(folder, "kestra") },
      fastRecovery: true,
      ...(port !== undefined && { port }),
    });
  /** The same arena as at the start, as if it had never played. */
  const startFreshArena = (port?: number) =>
    startArena({
      seed: 7,
      red: 2,
      blue: 2,
      targets: 1,
      timeScale: 0.1,
      ...(port !== undefined && { port }),
    });
  const renewArena = async () => {
    const { port } = arena;
    await arena.close();
    arena = await startFreshArena(port);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "arena-evaluation-"));
    engine = await startKestra();
    arena = await startFreshArena();
    const client = new KestraArenaClient({ url: engine.url, namespace });
    await client.flows.deploy({ variables: { arena_api_url: arena.url } });
    const agents = await fetchAgents({ arenaUrl: arena.url });
    matrix = { combinations: roundRobin(bySide(agents)), matchesPerCombination: 3, mode: "quick" };
    undisturbed = outcomes(await evaluate(client, matrix, { concurrency: 3, tickMs: 200 }));
  });

  afterAll(async () => {
    await engine.stop();
    await arena.close();
    await rm(folder, { recursive: true });
  });

  function spawnEvaluation(journal: string): ChildProcess {
    const settings: ChildSettings = {
      kestraUrl: engine.url,
      namespace,
      arenaUrl: arena.url,
      journal,
      matrix,
      concurrency: 3,
    };
    return spawn(process.execPath, [child, JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Kills the process once its journal has a random number of lines, or lets it end if it is faster. */
  async function killAtRandom(journal: string): Promise<void> {
    const lines = 1 + Math.floor(random() * 15);
    const evaluation = spawnEvaluation(journal);
    const exit = once(evaluation, "exit");
    while (evaluation.exitCode === null && (await countLines(journal)) < lines) {
      await setTimeout(20);
    }
    evaluation.kill("SIGKILL");
    await exit;
  }

  async function killKestra(): Promise<void> {
    const port = Number(new URL(engine.url).port);
    engine.kill("SIGKILL");
    await engine.stop();
    engine = await startKestra(port);
  }

  async function finish(journal: string): Promise<EvaluationBatch> {
    const last = spawnEvaluation(journal);
    return JSON.parse(last.stdout === null ? "" : await text(last.stdout)) as EvaluationBatch;
  }

  it("gives the rows of an undisturbed one when its process is killed", async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const journal = join(folder, `process-${kill}.jsonl`);
      await renewArena();
      await killAtRandom(journal);
      expect(outcomes(await finish(journal)), `kill ${kill}`).toEqual(undisturbed);
      expect(await executionsOfMatches(arena.url)).toHaveLength(12);
    }
  }, 1_500_000);

  it("gives a row for every match, each played by one execution, when Kestra is killed as well", async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const journal = join(folder, `kestra-${kill}.jsonl`);
      await renewArena();
      await killAtRandom(journal);
      await killKestra();
      const batch = await finish(journal);
      const played = await executionsOfMatches(arena.url);
      expect(batch.isComplete, `kill ${kill}`).toBe(true);
      expect(new Set(batch.rows.map(({ matchId }) => matchId)).size).toBe(12);
      expect(new Set(batch.rows.map(({ executionId }) => executionId)).size).toBe(12);
      expect(new Set(played).size).toBe(12);
      // An engine that dies while it creates a match sends that request again, and the arena cannot tell: then
      // it has a match more, which nobody counts, and later ones of the pairing are other ones than undisturbed.
      if (played.length === 12) expect(outcomes(batch), `kill ${kill}`).toEqual(undisturbed);
    }
  }, 1_500_000);
});

async function countLines(path: string): Promise<number> {
  const content = await readFile(path, "utf8").catch(() => "");
  return content.split("\n").length - 1;
}

/** Which execution started each of the arena's matches. */
async function executionsOfMatches(arenaUrl: string): Promise<string[]> {
  const answer = await fetch(`${arenaUrl}/api/matches?limit=1000`);
  const matches = (await answer.json()) as { metadata: { executionId: string } }[];
  return matches.map(({ metadata }) => metadata.executionId);
}

function outcomes({ rows }: EvaluationBatch): string[] {
  return rows.map((row) => JSON.stringify([row.redAgentId, row.blueAgentId, row.metrics])).sort();
}
