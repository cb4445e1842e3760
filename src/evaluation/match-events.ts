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
 * @throws ArenaError when the backend cannot be reached or a match is gone.
 */
export async function fetchTranscripts(
  rows: readonly BatchRow[],
  options: TranscriptOptions = {},
): Promise<Transcripts> {
  const ids = [...new Set(rows.flatMap(({ matchId }) => matchId ?? []))];
  const transcripts = new Map<string, readonly MatchEvent[]>();
  const queue = ids.values();
  const work = async () => {
    for (const id of queue) {
      const path = `/api/matches/${encodeURIComponent(id)}/events?limit=1000`;
      const events = await readArena(path, options);
      transcripts.set(id, Array.isArray(events) ? (events as MatchEvent[]) : []);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work));
  // In the rows' order, whichever answer came first.
  return new Map(ids.map((id) => [id, transcripts.get(id) ?? []]));
}
