import { ArenaError, InputError } from "../errors.ts";
import type { BatchRow } from "../flows/batch-row.ts";
import type { AttackOutcomes } from "../flows/match-metrics.ts";
import { type ArenaReaderOptions, readArena } from "./arena-reader.ts";

/** How severe an attack is in words; 2.5, 5, 7.5 and 10 as numbers. */
export type Severity = "low" | "medium" | "high" | "critical";

/** One event of a match, as the backend has it. Its texts are hostile: never show them unescaped. */
export interface MatchEvent {
  id: string;
  type: "attack" | "defense" | "target" | "system";
  severity?: Severity;
  attackType?: string;
  outcome?: keyof AttackOutcomes;
  /** The text that the agent produced. */
  prompt?: string;
  description?: string;
  agentName?: string;
  timestamp?: string;
}

/** The events of matches, by match id. */
export type Transcripts = ReadonlyMap<string, readonly MatchEvent[]>;

/** Options of {@link fetchTranscripts}. */
export interface TranscriptOptions extends ArenaReaderOptions {
  /** Requests at a time. @default 4 */
  concurrency?: number;
}

/**
 * Reads the events of the rows' matches from the backend, for `analyze`: with them it shows what got
 * through. Rows without a match are skipped.
 *
 * @throws InputError when `concurrency` is no whole number from 1. ArenaError when the backend cannot be reached, a
 * match is gone, or its events are no list.
 */
export async function fetchTranscripts(
  rows: readonly BatchRow[],
  options: TranscriptOptions = {},
): Promise<Transcripts> {
  const { concurrency = 4 } = options;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    const message = `must be a whole number from 1; it is ${concurrency}`;
    throw new InputError("The transcripts", [{ path: ["concurrency"], message }]);
  }
  const rounds = new Map(
    rows.flatMap(({ matchId, metrics }) =>
      matchId ? [[matchId, metrics?.totalRounds ?? 0] as const] : [],
    ),
  );
  const ids = [...rounds.keys()];
  const transcripts = new Map<string, readonly MatchEvent[]>();
  const queue = [...ids];
  const work = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      transcripts.set(id, await readEvents(id, mostEvents(rounds.get(id)), options));
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    // One match that cannot be read ends the call: the others are not asked for any more.
    queue.length = 0;
  }
  // In the rows' order, whichever answer came first.
  return new Map(ids.map((id) => [id, transcripts.get(id) ?? []]));
}

/** As the flow asks: a round has up to five events, and the backend cuts a list off without a word. */
function mostEvents(rounds = 0): number {
  return Math.max(1_000, 5 * rounds);
}

async function readEvents(
  matchId: string,
  limit: number,
  options: ArenaReaderOptions,
): Promise<readonly MatchEvent[]> {
  const path = `/api/matches/${encodeURIComponent(matchId)}/events`;
  const events = await readArena(`${path}?limit=${limit}`, options);
  if (Array.isArray(events)) return events;
  throw new ArenaError("connection", `GET ${path} of the arena did not answer a list.`);
}
