/**
 * What a dataset of 100,000 events takes: `node --expose-gc bench/datasets.ts [sizes] [agent] [json]`. The events of sample matches are written
 * to a file first, so that only the building is measured; each size is built in a process of its own. Memory is the
 * bytes that are still held after a collection, taken at every progress report; the peak of the whole process
 * (which is the collector's to decide) is printed beside it.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArena } from "../examples/arena/index.ts";
import { buildDataset, type DatasetAgent, type DatasetKind } from "../src/datasets/index.ts";

/** What building one dataset took. */
export interface DatasetMeasured {
  events: number;
  samples: number;
  rows: number;
  heldMb: number;
  processMb: number;
  seconds: number;
  reports: number;
}

const cases: readonly [DatasetAgent, DatasetKind][] = [
  ["red", "sft"],
  ["target", "dpo"],
  ["blue", "kto"],
];
const [mode = "10000,100000", ...rest] = process.argv.slice(2);
if (mode === "build") await measure(rest as [string, DatasetAgent, DatasetKind]);
else await main(mode.split(",").map(Number), rest);

async function main(
  sizes: readonly number[],
  [only = "all", format]: readonly string[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-bench-"));
  try {
    for (const size of sizes) {
      const path = join(folder, `${size}.jsonl`);
      await writeEvents(path, size);
      const sourceMb = ((await stat(path)).size / 1e6).toFixed(0);
      for (const [agent, kind] of cases) {
        if (only !== "all" && only !== agent) continue;
        const measured = run(path, agent, kind);
        if (format === "json") {
          console.log(JSON.stringify(measured));
          continue;
        }
        const { events, samples, rows, heldMb, processMb, seconds, reports } = measured;
        const perSample = ((heldMb * 1e6) / samples).toFixed(0);
        console.log(
          `${agent} ${kind}: ${events} events (${sourceMb} MB) → ${samples} samples → ${rows} rows in ` +
            `${seconds.toFixed(1)} s of CPU; held at most ${heldMb.toFixed(1)} MB (${perSample} bytes a sample), ` +
            `process ${processMb.toFixed(0)} MB; ${reports} reports`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(path: string, agent: DatasetAgent, kind: DatasetKind): DatasetMeasured {
  const script = process.argv[1] ?? "";
  const child = spawnSync(process.execPath, ["--expose-gc", script, "build", path, agent, kind], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.status !== 0) throw new Error(`The build ended with ${child.status}.`);
  return JSON.parse(child.stdout) as DatasetMeasured;
}

async function measure([path, agent, kind]: [string, DatasetAgent, DatasetKind]): Promise<void> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("Run it with --expose-gc.");
  const held = () => {
    collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + Math.max(external, arrayBuffers);
  };
  const before = held();
  let most = 0;
  let reports = 0;
  let samples = 0;
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-bench-"));
  const cpuStart = process.cpuUsage();
  let collecting = 0;
  try {
    const { manifest } = await buildDataset(
      { files: [path] },
      {
        for: agent,
        kind,
        folder,
        formats: ["oumi-jsonl", "parquet"],
        onProgress: (progress) => {
          reports += 1;
          samples = progress.samples;
          if (reports % 10 !== 1 && progress.phase === "read") return;
          const collectStart = process.cpuUsage();
          most = Math.max(most, held() - before);
          collecting += cpuSeconds(collectStart);
        },
      },
    );
    const result: DatasetMeasured = {
      events: manifest.events.read,
      samples,
      rows: manifest.rows.train.rows + manifest.rows.validation.rows,
      heldMb: most / 1e6,
      processMb: process.resourceUsage().maxRSS / 1e3,
      seconds: cpuSeconds(cpuStart) - collecting,
      reports,
    };
    process.stdout.write(JSON.stringify(result));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** One event a line, of deep matches of changing pairings. */
async function writeEvents(path: string, count: number): Promise<void> {
  const arena = createArena({ timeScale: 0, red: 8, blue: 8, targets: 8 });
  const ids = (type: string) =>
    arena.agents.filter((agent) => agent.type === type).map((agent) => agent.id);
  const [red, blue, target] = [ids("red"), ids("blue"), ids("target")];
  const file = createWriteStream(path);
  let written = 0;
  for (let match = 0; written < count; match += 1) {
    const body = JSON.stringify({
      redAgentId: red[match % 8],
      blueAgentId: blue[Math.floor(match / 8) % 8],
      targetAgentId: target[Math.floor(match / 64) % 8],
      mode: "deep",
    });
    const created = await arena.app.request("/api/matches", { method: "POST", body });
    const { id } = (await created.json()) as { id: string };
    const response = await arena.app.request(`/api/matches/${id}/events`);
    const events = ((await response.json()) as unknown[]).slice(0, count - written);
    written += events.length;
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
