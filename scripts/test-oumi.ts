/**
 * Builds every kind of dataset from matches of the sample arena and has each row and each training config checked by
 * Oumi itself: `npm run test:oumi`. Needs Python 3.10 or later and a package index; takes about 590 MB in `.cache`.
 * With `OUMI_PYTHON`, a Python that has all of Oumi is used in its place.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createArena } from "../examples/arena/index.ts";
import {
  buildDataset,
  type DatasetAgent,
  type DatasetKind,
  type DatasetTranscript,
} from "../src/datasets/index.ts";

// The versions that the facts about Oumi were read from. Without its dependencies: they take gigabytes.
const oumi = "oumi==0.9";
const needed = [
  "pydantic>=2.11,<2.14",
  "jinja2",
  "transformers>=4.57,<5.17",
  "omegaconf==2.4.0.dev4",
  "jsonschema",
  "jsonlines",
  "pandas>=2.3,<3",
  "requests",
  "pillow",
  "pyarrow",
];
const agents: readonly DatasetAgent[] = ["red", "blue", "target"];
const kinds: readonly DatasetKind[] = ["sft", "dpo", "kto"];

const folder = await mkdtemp(join(tmpdir(), "kestra-arena-oumi-"));
try {
  const matches = await playMatches();
  for (const agent of agents) {
    for (const kind of kinds) {
      await buildDataset(matches, {
        for: agent,
        kind,
        folder,
        formats: ["oumi-jsonl", "parquet"],
        validationShare: 0.2,
        trainingConfig: { modelName: "a-model" },
      });
    }
  }
  const python = process.env.OUMI_PYTHON ?? (await ensurePython());
  run(python, [fileURLToPath(new URL("./test-oumi.py", import.meta.url)), folder]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function playMatches(): Promise<DatasetTranscript[]> {
  const arena = createArena({ timeScale: 0, seed: 9, loneSurrogates: true });
  const of = (type: string) => arena.agents.filter((agent) => agent.type === type);
  // biome-ignore lint/suspicious/noExplicitAny: whatever the arena answers.
  const call = async (path: string, init?: RequestInit): Promise<any> =>
    (await arena.app.request(`/api/matches${path}`, init)).json();
  const transcripts: DatasetTranscript[] = [];
  for (const red of of("red")) {
    for (const blue of of("blue")) {
      for (const target of of("target")) {
        const ids = { redAgentId: red.id, blueAgentId: blue.id, targetAgentId: target.id };
        const body = JSON.stringify({ ...ids, mode: "deep" });
        const { id } = await call("", { method: "POST", body });
        transcripts.push({ match: await call(`/${id}`), ...(await call(`/${id}/transcript`)) });
      }
    }
  }
  return transcripts;
}

/** A virtual environment with Oumi's code and the little that its rows and configs need. */
async function ensurePython(): Promise<string> {
  const environment = fileURLToPath(new URL("../.cache/oumi", import.meta.url));
  const python = join(environment, process.platform === "win32" ? "Scripts" : "bin", "python");
  const isComplete = join(environment, "complete");
  if (existsSync(isComplete)) return python;
  await rm(environment, { recursive: true, force: true });
  await mkdir(environment, { recursive: true });
  run("python3", ["-m", "venv", environment]);
  run(python, ["-m", "pip", "install", "--quiet", "--no-deps", oumi]);
  run(python, ["-m", "pip", "install", "--quiet", ...needed]);
  await mkdir(isComplete);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, HF_HUB_OFFLINE: "1", DO_NOT_TRACK: "1" },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}.`);
}
