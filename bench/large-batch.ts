/**
 * A batch of matches that take no time, on the embedded engine: what a match costs Kestra itself.
 *
 *     node bench/large-batch.ts [--line 1.3] [--matches 1000] [--concurrency 5] [--heap 768]
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type EngineLine, startEngine } from "../engine/index.ts";
import { startArena } from "../examples/arena/index.ts";
import { roundRobin } from "../src/evaluation/index.ts";
import { KestraArenaClient } from "../src/index.ts";

const { values } = parseArgs({
  options: {
    line: { type: "string", default: "2.0" },
    matches: { type: "string", default: "1000" },
    concurrency: { type: "string", default: "5" },
    heap: { type: "string", default: "768" },
  },
});
const line = values.line === "1.3" ? "1.3" : "2.0";
const concurrency = Number(values.concurrency);
const total = Number(values.matches);

await using arena = await startArena({ timeScale: 0, red: 2, blue: 5, targets: 1 });
await using engine = await start(line);
const client = new KestraArenaClient({ url: engine.url });
await client.flows.deploy();

const ids = (type: string) =>
  arena.agents.filter((agent) => agent.type === type).map(({ id }) => id);
const agentCombinations = roundRobin({ red: ids("red"), blue: ids("blue"), target: ids("target") });
const matchesPerCombination = Math.ceil(total / agentCombinations.length);

const startedMs = performance.now();
const cpuBefore = await cpuSeconds(engine.pid);
const execution = await client.evaluateBatch({
  agentCombinations,
  matchesPerCombination,
  mode: "quick",
  concurrency,
});
const { rows } = await execution.result({ timeoutMs: 3 * 3_600_000 });
const seconds = (performance.now() - startedMs) / 1000;
const cpu = (await cpuSeconds(engine.pid)) - cpuBefore;

console.table({
  line,
  concurrency,
  rows: rows.length,
  "rows with a result": rows.filter(({ metrics }) => metrics !== undefined).length,
  "wall, s": round(seconds),
  "engine's CPU, s": round(cpu),
  "engine's CPU a match, ms": round((1000 * cpu) / rows.length),
  "engine's peak memory, MiB": round((await peakMemoryKib(engine.pid)) / 1024),
});

function start(line: EngineLine) {
  const env = { ENV_ARENA_API_URL: arena.url };
  return startEngine({ line, env, maxHeapMib: Number(values.heap), onProgress: console.error });
}

/** User and system time of a process, in seconds. Linux only. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

async function peakMemoryKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
