import { isRecord } from "../rows/values.ts";
import type {
  ArenaExportRow,
  DatasetEvent,
  DatasetMatch,
  DatasetRound,
  DatasetTranscript,
} from "../types.ts";
import { type RowSamples, readTrainingRow } from "./read-training-row.ts";

/** What the pipeline takes in: events in the order of their match, and what is known of the match. */
export type SourceItem =
  | { kind: "event"; event: DatasetEvent }
  | { kind: "match"; match: DatasetMatch }
  /** Which event belongs to which round, before the events. */
  | { kind: "rounds"; rounds: readonly DatasetRound[] }
  /** No event of this match follows. */
  | { kind: "end"; matchId: string }
  /** A row that was chosen already. */
  | RowSamples
  /** Something that is no event: counted, and dropped. */
  | { kind: "unreadable" };

const speakers = new Set(["attack", "defense", "target", "system"]);

/** Tells what a value of a source is (an event, a transcript, a row) and takes it apart. */
export function* readItem(value: unknown): Generator<SourceItem, void, undefined> {
  if (!isRecord(value)) yield { kind: "unreadable" };
  else if (Array.isArray(value.events)) {
    yield* readTranscript(value as unknown as DatasetTranscript);
  } else if (isExportRow(value)) yield* readExportRow(value as unknown as ArenaExportRow);
  else if (isRow(value)) yield readTrainingRow(value) ?? { kind: "unreadable" };
  else yield readEvent(value);
}

/** The backend's own export says how an attack ended, and pairs it with the reply whatever that was. */
function isExportRow({ messages, metadata }: Record<string, unknown>): boolean {
  return Array.isArray(messages) && !(isRecord(metadata) && "train_for" in metadata);
}

function isRow(value: Record<string, unknown>): boolean {
  return Array.isArray(value.messages) || "chosen" in value || "completion" in value;
}

function* readTranscript(transcript: DatasetTranscript): Generator<SourceItem, void, undefined> {
  const { match, events, rounds } = transcript;
  if (isMatch(match)) yield { kind: "match", match };
  if (Array.isArray(rounds)) yield { kind: "rounds", rounds: rounds.filter(isRecord) };
  const matchIds = new Set<string>();
  for (const value of events) {
    const item = readEvent(value, isMatch(match) ? match.id : undefined);
    if (item.kind === "event") matchIds.add(item.event.matchId);
    yield item;
  }
  for (const matchId of matchIds) yield { kind: "end", matchId };
}

/** What is needed of an event, and nothing of a type that it should not have. */
function readEvent(value: unknown, matchId?: string): SourceItem {
  if (!isRecord(value)) return { kind: "unreadable" };
  const { type, prompt, outcome } = value;
  const match = textOf(value.matchId) ?? matchId;
  const isEvent =
    match !== undefined &&
    typeof type === "string" &&
    speakers.has(type) &&
    typeof prompt === "string" &&
    typeof outcome === "string";
  if (!isEvent) return { kind: "unreadable" };
  const event: DatasetEvent = {
    id: textOf(value.id) ?? "",
    matchId: match,
    type: type as DatasetEvent["type"],
    agentId: textOf(value.agentId),
    severity: typeof value.severity === "number" ? value.severity : textOf(value.severity),
    attackType: textOf(value.attackType),
    prompt,
    outcome,
  };
  return { kind: "event", event };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The attack is the last message of the user, the reply what follows it. Two events, as in the match. */
function* readExportRow({
  messages,
  metadata,
}: ArenaExportRow): Generator<SourceItem, void, undefined> {
  const about = isRecord(metadata) ? metadata : {};
  const field = (name: string) => {
    const value = about[name] ?? about[snake(name)];
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  };
  const said = (role: string) => messages.findLast((message) => message?.role === role)?.content;
  const common = {
    id: "",
    matchId: field("matchId"),
    attackType: field("attackType"),
    severity: field("severity"),
  };
  yield readEvent({
    ...common,
    type: "attack",
    agentId: field("redAgentId"),
    prompt: said("user"),
    outcome: field("outcome"),
  });
  yield readEvent({
    ...common,
    type: "target",
    agentId: field("targetAgentId"),
    prompt: said("assistant"),
    outcome: "processed",
  });
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isMatch(value: unknown): value is DatasetMatch {
  return isRecord(value) && typeof value.id === "string";
}
