import { isArenaError } from "../../errors.ts";
import type {
  AgentInfo,
  ArenaReaderOptions,
  EvaluationRow,
  StoredRun,
  Transcripts,
} from "../../evaluation/index.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../output.ts";

/** How the arena's backend is asked. Its key is taken from the environment alone. */
export function arenaReader(cli: Cli, arenaUrl: string | undefined): ArenaReaderOptions {
  return { signal: cli.interrupted, ...(arenaUrl !== undefined && { arenaUrl }) };
}

/** Gives what is known of the arena's agents in place of what the run knows, where that is nothing. */
export async function withAgents(run: StoredRun, reader: ArenaReaderOptions): Promise<StoredRun> {
  if (run.agents.length > 0) return run;
  const { fetchAgents } = await import("../../evaluation/index.ts");
  const played = new Set(
    run.rows.flatMap(({ redAgentId, blueAgentId, targetAgentId }) => [
      ...[redAgentId, blueAgentId, targetAgentId],
    ]),
  );
  const agents: AgentInfo[] = await fetchAgents(reader);
  return { ...run, agents: agents.filter(({ id }) => played.has(id)) };
}

/**
 * Reads what got through. The matches are played: an arena that does not answer by now is a remark, and the report does
 * without.
 */
export async function readTranscripts(
  cli: Cli,
  rows: readonly EvaluationRow[],
  reader: ArenaReaderOptions,
): Promise<Transcripts | undefined> {
  const { fetchTranscripts } = await import("../../evaluation/index.ts");
  try {
    return await fetchTranscripts(rows, reader);
  } catch (error) {
    if (!isArenaError(error) || cli.interrupted.aborted) throw error;
    cli.output.note(`The report does without transcripts: ${plain(error.message)}`);
    return undefined;
  }
}
