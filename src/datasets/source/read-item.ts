import type {
  ArenaExportRow,
  DatasetEvent,
  DatasetMatch,
  DatasetRound,
  DatasetTranscript,
} from "../types.ts";

/** What the pipeline takes in: events in the order of their match, and what is known of the match. */
export type SourceItem =
  | { kind: "event"; event: DatasetEvent }
  | { kind: "match"; match: DatasetMatch }
  /** Which event belongs to which round, before the events. */
  | { kind: "rounds"; rounds: readonly DatasetRound[] }
  /** No event of this match follows. */
  | { kind: "end"; matchId: string }
  /** Something that is no event: counted, and dropped. */
  | { kind: "unreadable" };

const speakers = new Set(["attack", "defense", "target", "system"]);

/** Tells what a value of a source is (an event, a transcript, a row of the backend's export) and takes it apart. */
export function* readItem(value: unknown): Generator<SourceItem, void, undefined> {
  if (isRecord(value) && Array.isArray(value.events)) {
    yield* readTranscript(value as unknown as DatasetTranscript);
  } else if (isRecord(value) && Array.isArray(value.messages)) {
    yield* readExportRow(value as unknown as ArenaExportRow);
  } else {
    yield readEvent(value);
  }
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

function readEvent(value: unknown, matchId?: string): SourceItem {
  if (!isRecord(value)) return { kind: "unreadable" };
  const event: Record<string, unknown> = { matchId, ...value };
  const isEvent =
    typeof event.matchId === "string" &&
    typeof event.type === "string" &&
    speakers.has(event.type) &&
    typeof event.prompt === "string" &&
    typeof event.outcome === "string";
  return isEvent
    ? { kind: "event", event: event as unknown as DatasetEvent }
    : { kind: "unreadable" };
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
