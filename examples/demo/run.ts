import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type BatchResult,
  type Execution,
  isArenaError,
  KestraArenaClient,
  terminalStates,
} from "kestra-arena";
import { startArena } from "../arena/index.ts";
import { findKestra } from "../support/find-kestra.ts";
import type { DemoOptions } from "./options.ts";
import { bar, ProgressLine } from "./progress.ts";
import { describeBatch } from "./tables.ts";

/** Runs the demo: a Kestra, the sample arena, the flows, one batch, its tables and its file. */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const progress = new ProgressLine();
  try {
    await using kestra = await findKestra({
      line: options.line,
      onProgress: (message) => progress.show(message),
      signal,
    });
    await using arena = await startArena({
      seed: options.seed,
      red: options.red,
      blue: options.blue,
      targets: options.targets,
      oneAtATime: options.oneAtATime,
    });
    const client = new KestraArenaClient({
      url: kestra.url,
      auth: kestra.auth,
      namespace: "ai-arena.demo",
    });
    const { version } = await client.kestra.server(signal);
    progress.show(`Kestra ${version} at ${kestra.url} (${kestra.origin})`);
    progress.done();
    const deployed = await client.flows.deploy({
      variables: { arena_api_url: arena.url },
      signal,
    });
    progress.show(`Deployed ${deployed.map(({ flowId }) => flowId).join(", ")}`);
    progress.done();

    const agents = (type: string) => arena.agents.filter((agent) => agent.type === type);
    const agentCombinations = agents("red").flatMap((red) =>
      agents("blue").flatMap((blue) =>
        agents("target").map((target) => ({
          redAgentId: red.id,
          blueAgentId: blue.id,
          targetAgentId: target.id,
        })),
      ),
    );
    const execution = await client.evaluateBatch(
      {
        agentCombinations,
        matchesPerCombination: options.matches,
        mode: "quick",
        concurrency: options.concurrency,
      },
      { signal },
    );
    progress.show(`Started ${execution.url}`);
    progress.done();
    const total = agentCombinations.length * options.matches;
    const result = await follow(client, execution, total, progress, signal);

    const names = new Map(arena.agents.map(({ id, name }) => [id, name]));
    console.log(`\n${describeBatch(result.rows, (id) => names.get(id) ?? id)}\n`);
    const missing = result.rows.filter((row) => row.metrics === undefined);
    for (const row of missing.slice(0, 10)) {
      const combination = [row.redAgentId, row.blueAgentId, row.targetAgentId]
        .map((id) => names.get(id) ?? id)
        .join(" × ");
      console.log(
        `No result: ${combination}, match ${row.repetition}: ${row.state}, ${row.reason}`,
      );
    }
    if (missing.length > 10) console.log(`… and ${missing.length - 10} more without a result.`);
    const path = await writeRows(result);
    console.log(
      `${result.completedMatches} of ${result.totalMatches} matches have a result: ${path}`,
    );
  } finally {
    progress.done();
  }
}

async function follow(
  client: KestraArenaClient,
  execution: Execution<BatchResult>,
  total: number,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<BatchResult> {
  const ended = new AbortController();
  const shown = showProgress(
    client,
    execution,
    total,
    progress,
    AbortSignal.any([signal, ended.signal]),
  );
  try {
    return await execution.result({ signal });
  } catch (error) {
    if (signal.aborted) {
      progress.show("Cancelling the batch and its matches");
      const { state } = await execution.cancel();
      progress.show(`The batch ended as ${state}`);
    }
    throw error;
  } finally {
    ended.abort();
    await shown;
  }
}

async function showProgress(
  client: KestraArenaClient,
  execution: Execution<BatchResult>,
  total: number,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  try {
    for await (const done of endedMatches(client, execution.id, signal)) {
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      progress.show(`${bar(done, total)} matches`, `, ${seconds} s`);
    }
  } catch (error) {
    // The result tells what went wrong; the display only ends.
    if (!signal.aborted && !isArenaError(error)) throw error;
  }
}

async function writeRows(result: BatchResult): Promise<string> {
  await mkdir(".demo", { recursive: true });
  const path = join(".demo", "batch.json");
  await writeFile(path, `${JSON.stringify(result.rows, null, 2)}\n`);
  return path;
}

async function* endedMatches(client: KestraArenaClient, batchId: string, signal: AbortSignal) {
  for (;;) {
    const { total } = await client.kestra.executions.searchStates(
      { labels: { "arena.batch": batchId }, flowId: "match-orchestration", states: terminalStates },
      { size: 1, signal },
    );
    yield total;
    await setTimeout(1_000, undefined, { signal });
  }
}
