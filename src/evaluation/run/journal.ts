import { open, readFile } from "node:fs/promises";
import { InputError } from "../../errors.ts";
import type { EvaluationRow } from "../rows.ts";

/** One line of a journal. */
export type JournalEntry =
  | { kind: "journal"; version: 1; id: string }
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
  const entries = parseEntries(text);
  const state: JournalState = { id: "", rows: new Map(), batches: [] };
  for (const entry of entries) apply(state, entry);
  // A line that was cut off by a crash must not swallow the next one.
  if (text !== "" && !text.endsWith("\n")) await journal.append("\n");
  if (state.id === "") {
    state.id = crypto.randomUUID();
    await append(journal, { kind: "journal", version: 1, id: state.id });
  }
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
  const isJournal = first?.kind === "journal" && first.version === 1;
  if (lines.length > 1 && !isJournal) {
    const message = "is no journal of this version; give a path where nothing is yet";
    throw new InputError("The evaluation", [{ path: ["journal"], message }]);
  }
  return isJournal ? entries : [];
}

function apply(state: JournalState, entry: JournalEntry): void {
  // The first of two processes that began one journal at the same time counts.
  if (entry.kind === "journal") state.id ||= entry.id;
  else if (entry.kind === "row") state.rows.set(entry.identity, entry.row);
  else if (entry.kind === "batch") {
    const isNew = !state.batches.some(({ key }) => key === entry.key);
    if (isNew) {
      state.batches.push({ key: entry.key, startedAt: entry.startedAt, hasEnded: false });
    }
  } else {
    const batch = state.batches.find((known) =>
      entry.kind === "execution"
        ? known.key === entry.key
        : known.executionId === entry.executionId,
    );
    if (batch === undefined) return;
    if (entry.kind === "execution") batch.executionId = entry.executionId;
    else batch.hasEnded = true;
  }
}
