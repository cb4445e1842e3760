import { open, readFile } from "node:fs/promises";
import { InputError } from "../../errors.ts";
import type { AgentInfo } from "../agents.ts";
import type { Provenance } from "../analysis/analysis.ts";
import type { ChangedAgent } from "../comparison/comparison.ts";
import type { EvaluationMatrix } from "../plan.ts";
import type { EvaluationRow } from "../rows.ts";

/** One line of a journal. */
export type JournalEntry =
  | { kind: "journal"; version: 1; id: string }
  | { kind: "matrix"; matrix: EvaluationMatrix; agents: readonly AgentInfo[] }
  | { kind: "provenance"; provenance: Provenance; editedAgents: readonly ChangedAgent[] }
  | { kind: "batch"; key: string; startedAt: string }
  | { kind: "execution"; key: string; executionId: string }
  | { kind: "row"; identity: string; row: EvaluationRow }
  | { kind: "ended"; executionId: string; state: string };

/** Where an evaluation notes what it has done: a file by its path, or any store that keeps lines in order. */
export interface Journal {
  /** Gives all lines so far, or an empty text. */
  read(): Promise<string>;
  /** Keeps a line for good before it resolves; the line ends with a line feed. */
  append(line: string): Promise<void>;
}

/** What a journal tells. */
export interface JournalState {
  id: string;
  /** Rows by the match's identity; the last line of a match counts. */
  rows: Map<string, EvaluationRow>;
  /** The batches that were started, oldest first. */
  batches: JournalBatch[];
  /** What was to be played by the last call, so that a half-done journal can be reported by itself. */
  asked?: { matrix: EvaluationMatrix; agents: readonly AgentInfo[] };
  /** Where the numbers come from, and which agents were edited meanwhile; absent until a call has ended. */
  ended?: { provenance: Provenance; editedAgents: readonly ChangedAgent[] };
}

/** A batch as the journal knows it. */
export interface JournalBatch {
  key: string;
  startedAt: string;
  /** Absent when the process ended before it knew. */
  executionId?: string;
  hasEnded: boolean;
}

/** Keeps a journal in a file, each line synced to the disk before the call resolves. */
export function fileJournal(path: string): Journal {
  return {
    async read() {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
        throw error;
      }
    },
    async append(line) {
      const file = await open(path, "a");
      try {
        await file.appendFile(line);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}

/** Keeps a journal for as long as the process lives. */
export function memoryJournal(): Journal {
  let text = "";
  return {
    read: async () => text,
    append: async (line) => {
      text += line;
    },
  };
}

/**
 * Opens a journal: reads what it tells, and begins it if it is new.
 *
 * @throws InputError when the file is something else than a journal.
 */
export async function openJournal(journal: Journal): Promise<JournalState> {
  const text = await journal.read();
  const state = readJournal(text);
  // A line that was cut off by a crash must not swallow the next one.
  if (text !== "" && !text.endsWith("\n")) await journal.append("\n");
  if (state.id === "") {
    state.id = crypto.randomUUID();
    await append(journal, { kind: "journal", version: 1, id: state.id });
  }
  return state;
}

/**
 * Gives what a journal's text tells; nothing for an empty one.
 *
 * @throws InputError when the text is something else than a journal.
 */
export function readJournal(text: string): JournalState {
  const state: JournalState = { id: "", rows: new Map(), batches: [] };
  for (const entry of parseEntries(text)) apply(state, entry);
  return state;
}

/** Notes an entry. */
export async function append(journal: Journal, entry: JournalEntry): Promise<void> {
  await journal.append(`${JSON.stringify(entry)}\n`);
}

function parseEntries(text: string): JournalEntry[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const entries = lines.flatMap((line): JournalEntry[] => {
    try {
      return [JSON.parse(line) as JournalEntry];
    } catch {
      // What was being written when the process ended.
      return [];
    }
  });
  const [first] = entries;
  if (first?.kind === "journal" && first.version === 1) return entries;
  if (entries.length === 0 && lines.every(isCutHead)) return [];
  const message = "is no journal of this version; give a path where nothing is yet";
  throw new InputError("The evaluation", [{ path: ["journal"], message }]);
}

/** True for a first line that a crash cut off. */
function isCutHead(line: string): boolean {
  const head = '{"kind":"journal",';
  return head.startsWith(line) || line.startsWith(head);
}

function apply(state: JournalState, entry: JournalEntry): void {
  switch (entry.kind) {
    case "journal":
      // The first of two processes that began one journal at the same time counts.
      state.id ||= entry.id;
      return;
    case "matrix":
      state.asked = { matrix: entry.matrix, agents: entry.agents };
      return;
    case "provenance":
      state.ended = { provenance: entry.provenance, editedAgents: entry.editedAgents };
      return;
    case "row":
      state.rows.set(entry.identity, entry.row);
      return;
    case "batch":
      if (state.batches.some(({ key }) => key === entry.key)) return;
      state.batches.push({ key: entry.key, startedAt: entry.startedAt, hasEnded: false });
      return;
    case "execution": {
      const batch = state.batches.find(({ key }) => key === entry.key);
      if (batch) batch.executionId = entry.executionId;
      return;
    }
    case "ended": {
      const batch = state.batches.find(({ executionId }) => executionId === entry.executionId);
      if (batch) batch.hasEnded = true;
    }
  }
}
