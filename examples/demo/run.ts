import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BatchResult, KestraArenaClient } from "kestra-arena";
import {
  analyze,
  bySide,
  fetchAgents,
  fetchTranscripts,
  renderHtml,
  renderTerminal,
  roundRobin,
} from "kestra-arena/evaluation";
import { type Arena, startArena } from "../arena/index.ts";
import { findKestra } from "../support/find-kestra.ts";
import { followBatch } from "./follow.ts";
import { describeMatrix } from "./matrix.ts";
import type { DemoOptions } from "./options.ts";
import { ProgressLine } from "./progress.ts";

/** Where the demo writes. */
const folder = ".demo";

/** Runs the demo: a Kestra, the sample arena, the flows, one batch, its tables and its files. */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const progress = new ProgressLine();
  try {
    await using kestra = await findKestra({
      line: options.line,
      onProgress: (message) => progress.show(message),
      signal,
    });
    const { seed, red, blue, targets, oneAtATime } = options;
    await using arena = await startArena({ seed, red, blue, targets, oneAtATime });
    const client = new KestraArenaClient({
      url: kestra.url,
      auth: kestra.auth,
      // Not where somebody's own flows are.
      namespace: "ai-arena.demo",
    });
    const { version } = await client.kestra.server(signal);
    progress.say(`Kestra ${version} at ${kestra.url} (${kestra.origin})`);
    const deployed = await client.flows.deploy({
      variables: { arena_api_url: arena.url },
      overwrite: true,
      signal,
    });
    progress.say(`Deployed ${deployed.length} flows into ${client.options.namespace}`);
    const execution = await client.evaluateBatch(
      {
        agentCombinations: roundRobin(bySide(await fetchAgents({ arenaUrl: arena.url, signal }))),
        matchesPerCombination: options.matches,
        mode: "quick",
        concurrency: options.concurrency,
      },
      { signal },
    );
    progress.say(`Started ${execution.url}`);
    const result = await followBatch(execution, progress, signal);
    progress.done();
    await report(result, arena, signal);
  } finally {
    progress.done();
  }
}

async function report(result: BatchResult, arena: Arena, signal: AbortSignal): Promise<void> {
  const agents = await fetchAgents({ arenaUrl: arena.url, signal });
  const transcripts = await fetchTranscripts(result.rows, { arenaUrl: arena.url, signal });
  const analysis = analyze(result.rows, { agents, transcripts });
  const names = new Map(agents.map(({ id, name = id }) => [id, name]));
  console.log(`\n${renderTerminal(analysis)}\n`);
  console.log(`${describeMatrix(result.rows, (id) => names.get(id) ?? id)}\n`);
  await mkdir(folder, { recursive: true });
  const rowsPath = join(folder, "batch.json");
  await writeFile(rowsPath, `${JSON.stringify(result.rows, null, 2)}\n`);
  const reportPath = join(folder, "report.html");
  await writeFile(reportPath, await renderHtml(analysis, { title: "The sample arena" }));
  console.log(`${result.completedMatches} of ${result.totalMatches} matches have a result.`);
  console.log(`The rows: ${rowsPath}\nThe report: ${reportPath}`);
}
