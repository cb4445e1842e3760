import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Engine, type EngineLine, startEngine } from "../../../engine/index.ts";
import { type Arena, startArena } from "../../../examples/arena/index.ts";
import {
  bySide,
  type EvaluationBatch,
  type EvaluationMatrix,
  fetchAgents,
  roundRobin,
} from "../../../src/evaluation/index.ts";
import { KestraArenaClient } from "../../../src/index.ts";
import { liveStates } from "../../../src/kestra/states.ts";
import { type HoldingProxy, startHoldingProxy } from "../support/holding-proxy.ts";
import { startOnPort } from "../support/start-on-port.ts";
import type { ChildSettings } from "./evaluate-child.ts";

const namespace = "ai-arena.evaluation";
const child = fileURLToPath(new URL("./evaluate-child.ts", import.meta.url));

/** It takes seconds; what is still at it after so long never ends. */
const finishLimitMs = 120_000;

interface ArenaMatch {
  id: string;
  status: string;
  metadata: { executionId: string };
}

/** A Kestra, an arena and a process that evaluates on them; each can be killed. */
export class KilledWorld implements AsyncDisposable {
  readonly matrix: EvaluationMatrix;
  readonly client: KestraArenaClient;
  readonly #line: EngineLine;
  readonly #folder: string;
  readonly #proxy: HoldingProxy;
  #engine: Engine;
  #arena: Arena;

  private constructor(
    line: EngineLine,
    folder: string,
    parts: { engine: Engine; arena: Arena; proxy: HoldingProxy; matrix: EvaluationMatrix },
  ) {
    this.#line = line;
    this.#folder = folder;
    this.#engine = parts.engine;
    this.#arena = parts.arena;
    this.#proxy = parts.proxy;
    this.matrix = parts.matrix;
    this.client = new KestraArenaClient({ url: this.#engine.url, namespace });
  }

  static async start(line: EngineLine): Promise<KilledWorld> {
    const folder = await mkdtemp(join(tmpdir(), "arena-evaluation-"));
    const engine = await startKestra(line, folder);
    const arena = await startFreshArena();
    const proxy = await startHoldingProxy(arena.url);
    const combinations = roundRobin(bySide(await fetchAgents({ arenaUrl: arena.url })));
    const matrix = { combinations, matchesPerCombination: 2, mode: "quick" } as const;
    const world = new KilledWorld(line, folder, { engine, arena, proxy, matrix });
    await world.client.flows.deploy({ variables: { arena_api_url: proxy.url } });
    return world;
  }

  journal(name: string): string {
    return join(this.#folder, `${name}.jsonl`);
  }

  /** The same arena as at the start, as if it had never played. */
  async renewArena(): Promise<void> {
    await this.#arena.close();
    this.#arena = await startFreshArena();
    this.#proxy.target = this.#arena.url;
  }

  evaluate(journal: string): ChildProcess {
    const settings: ChildSettings = {
      kestraUrl: this.#engine.url,
      namespace,
      arenaUrl: this.#arena.url,
      journal,
      matrix: this.matrix,
      concurrency: 2,
    };
    return spawn(process.execPath, [child, JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Kills the process once its journal has so many lines, or lets it end if it is faster. */
  async killProcess(journal: string, lines: number): Promise<void> {
    const evaluation = this.evaluate(journal);
    const exit = once(evaluation, "exit");
    while (evaluation.exitCode === null && (await countLines(journal)) < lines) {
      await setTimeout(20);
    }
    evaluation.kill("SIGKILL");
    await exit;
  }

  /** Resolves when the arena has created a match and Kestra has not heard of it, nor ever will. */
  heldMatch(): Promise<void> {
    return this.#proxy.holdNext();
  }

  /** Kills Kestra, and starts it on what it had on its disk. */
  async killKestra(): Promise<void> {
    const port = Number(new URL(this.#engine.url).port);
    this.#engine.kill("SIGKILL");
    await this.#engine.stop();
    this.#engine = await startKestra(this.#line, this.#folder, port);
  }

  /** Lets an evaluation go on to its end. @throws what is known of one that does not come to it. */
  async finish(journal: string): Promise<EvaluationBatch> {
    const evaluation = this.evaluate(journal);
    let isLate = false;
    const limit = globalThis.setTimeout(() => {
      isLate = true;
      evaluation.kill("SIGKILL");
    }, finishLimitMs);
    try {
      const output = evaluation.stdout === null ? "" : await text(evaluation.stdout);
      if (!isLate) return JSON.parse(output) as EvaluationBatch;
    } finally {
      clearTimeout(limit);
    }
    const { executions } = this.client.kestra;
    const { results } = await executions.search({ namespace, states: liveStates }, { size: 100 });
    const live = await Promise.all(results.map(({ id }) => executions.get(id)));
    const states = live.map(({ id, flowId, state, taskRunList }) =>
      JSON.stringify({ id, flowId, state, last: taskRunList.slice(-3) }),
    );
    throw new Error([await this.story(journal, "did not end"), ...states].join("\n"));
  }

  /** Which executions started the arena's matches, an entry a match. */
  async executionsOfMatches(): Promise<string[]> {
    return (await this.#matches()).map(({ metadata }) => metadata.executionId);
  }

  /** What happened, for who reads that a test failed: the journal, and the arena's matches. */
  async story(journal: string, title: string): Promise<string> {
    const matches = (await this.#matches()).map(({ id, status, metadata }) =>
      JSON.stringify({ id, status, ...metadata }),
    );
    const lines = (await readFile(journal, "utf8")).split("\n").map((line) => line.slice(0, 300));
    return [title, ...lines, ...matches].join("\n");
  }

  async #matches(): Promise<ArenaMatch[]> {
    const answer = await fetch(`${this.#arena.url}/api/matches?limit=1000`);
    return (await answer.json()) as ArenaMatch[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.stop();
    await this.#arena.close();
    await this.#proxy[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true });
  }
}

function startKestra(line: EngineLine, folder: string, port?: number): Promise<Engine> {
  const options = { line, store: { file: join(folder, "kestra") }, fastRecovery: true };
  return port === undefined ? startEngine(options) : startOnPort(options, port);
}

function startFreshArena(): Promise<Arena> {
  return startArena({ seed: 7, red: 2, blue: 1, targets: 1, timeScale: 0.05 });
}

async function countLines(path: string): Promise<number> {
  const content = await readFile(path, "utf8").catch(() => "");
  return content.split("\n").length - 1;
}
