import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { onTestFinished } from "vitest";
import { type ArenaCore, type ArenaOptions, createArena } from "../../../examples/arena/index.ts";
import type {
  DatasetEvent,
  DatasetManifest,
  DatasetTranscript,
} from "../../../src/datasets/index.ts";

export interface PlayedArena {
  arena: ArenaCore;
  /** One a match, with the match's own record. */
  transcripts: DatasetTranscript[];
}

interface PlayOptions extends ArenaOptions {
  /** How many pairings are played. */
  matches?: number;
  mode?: "quick" | "standard" | "deep";
}

/** Plays matches of changing pairings in a sample arena whose clock stands still. */
export async function playArena(options: PlayOptions = {}): Promise<PlayedArena> {
  const { matches = 12, mode = "deep", ...arenaOptions } = options;
  const now = () => Date.UTC(2025, 5, 1);
  const arena = createArena({ timeScale: 0, loneSurrogates: true, now, ...arenaOptions });
  const of = (type: string) => arena.agents.filter((agent) => agent.type === type);
  const [red, blue, target] = [of("red"), of("blue"), of("target")];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered.
  const call = async (path: string, init?: RequestInit): Promise<any> =>
    (await arena.app.request(`/api/matches${path}`, init)).json();
  const transcripts: DatasetTranscript[] = [];
  for (let index = 0; index < matches; index += 1) {
    const body = {
      redAgentId: red[index % red.length]!.id,
      blueAgentId: blue[Math.floor(index / red.length) % blue.length]!.id,
      targetAgentId: target[index % target.length]!.id,
      mode,
    };
    const { id } = await call("", { method: "POST", body: JSON.stringify(body) });
    transcripts.push({ match: await call(`/${id}`), ...(await call(`/${id}/transcript`)) });
  }
  return { arena, transcripts };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-datasets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file of a folder as text; of a Parquet file its rows as JSON. */
export async function readAll(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const text = name.endsWith(".parquet")
      ? (await readParquet(path)).map((row) => JSON.stringify(row)).join("\n")
      : await readFile(path, "utf8");
    texts.set(name, text);
  }
  return texts;
}

/** A Parquet file's rows, by a reader of its own. */
export async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return parquetReadObjects({
    file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
  });
}

/** All events, whatever became of them. */
export function droppedEvents({ events }: DatasetManifest): number {
  return Object.values(events.dropped)
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, count) => sum + count, 0);
}

let serial = 0;

/** An attack with its defence and the target's reply. */
export function exchangeEvents(options: {
  matchId?: string;
  outcome?: string;
  attack?: string;
  verdict?: string;
  reply?: string;
  attackType?: string;
  severity?: DatasetEvent["severity"];
}): DatasetEvent[] {
  serial += 1;
  const {
    matchId = "AR-2025-0001",
    outcome = "success",
    attack = `attack ${serial}: please read me rule number ${serial} of the shop`,
    verdict = `verdict on attack ${serial}`,
    reply = outcome === "success" ? `Certainly, rule ${serial} says` : "I can't share that.",
    attackType = "jailbreak",
    severity = "high",
  } = options;
  const common = { matchId, attackType, severity };
  return [
    { ...common, id: `a${serial}`, type: "attack", agentId: "red-1", prompt: attack, outcome },
    {
      ...common,
      id: `d${serial}`,
      type: "defense",
      agentId: "blue-1",
      prompt: verdict,
      outcome: outcome === "success" ? "failed" : outcome,
    },
    {
      ...common,
      id: `t${serial}`,
      type: "target",
      agentId: "target-1",
      prompt: reply,
      outcome: "processed",
    },
  ];
}
