/**
 * What the guides' blocks take as given, since a reader has it: agents, matches, a log, a session, a signal, files.
 * Nothing else may stand in a block without being declared there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { buildDataset, type DatasetTranscript } from "kestra-arena/datasets";
import { type AgentInfo, bySide, fetchAgents } from "kestra-arena/evaluation";

declare global {
  var redAgentId: string;
  var blueAgentId: string;
  var targetAgentId: string;
  var agents: AgentInfo[];
  var transcripts: DatasetTranscript[];
  var signal: AbortSignal;
  var log: { debug(entry: unknown): void };
  var sessionOf: (request: Request) => Promise<{ mayStart: boolean } | undefined>;
}

/** Puts the names in place, with the agents of the arena at `ARENA_API_URL`, and what the program at `path` asks for. */
export async function provideGiven(path: string): Promise<void> {
  const program = readFileSync(path, "utf8");
  const agents = await fetchAgents();
  const { red, blue, target } = bySide(agents);
  Object.assign(globalThis, {
    agents,
    redAgentId: red[0]?.id,
    blueAgentId: blue[0]?.id,
    targetAgentId: target[0]?.id,
    signal: new AbortController().signal,
    log: { debug() {} },
    sessionOf: async () => ({ mayStart: true }),
  });
  if (!/\btranscripts\b|rows\.jsonl/.test(program)) return;
  const transcripts = [await playMatch(), await playMatch()];
  Object.assign(globalThis, { transcripts });
  await provideRows(transcripts);
}

async function playMatch(): Promise<DatasetTranscript> {
  const body = JSON.stringify({ redAgentId, blueAgentId, targetAgentId, mode: "standard" });
  const { id } = await ask("", { method: "POST", body });
  for (;;) {
    const match = await ask(`/${id}`);
    if (match.status === "complete") return { match, ...(await ask(`/${id}/transcript`)) };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the arena answers.
async function ask(path: string, init: RequestInit = {}): Promise<any> {
  const { ARENA_API_URL, ARENA_API_KEY } = process.env;
  const headers = {
    authorization: `Bearer ${ARENA_API_KEY}`,
    "content-type": "application/json",
  };
  const response = await fetch(`${ARENA_API_URL}/api/matches${path}`, { ...init, headers });
  return response.json();
}

async function provideRows(transcripts: readonly DatasetTranscript[]): Promise<void> {
  const { train } = await buildDataset(transcripts, { for: "blue", kind: "kto" });
  const text = train.map((row) => `${JSON.stringify(row)}\n`);
  const half = Math.floor(text.length / 2);
  writeFileSync("rows.jsonl", text.join(""));
  writeFileSync("train.jsonl", text.slice(0, half).join(""));
  writeFileSync("validation.jsonl", text.slice(half).join(""));
}
