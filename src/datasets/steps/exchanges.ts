import type { SourceItem } from "../source/read-item.ts";
import type { RowSamples } from "../source/read-training-row.ts";
import type { DatasetEvent, DatasetMatch } from "../types.ts";

/** An attack with what answered it. */
export interface Exchange {
  matchId: string;
  attack: DatasetEvent;
  defense?: DatasetEvent;
  target?: DatasetEvent;
}

/** Why an event belongs to no exchange. */
export type StrayReason = "system_event" | "reply_without_attack" | "unreadable";

/** What becomes of a source's items: exchanges, events that belong to none; matches and chosen rows pass. */
export type Assembled =
  | { kind: "exchange"; exchange: Exchange }
  | { kind: "stray"; reason: StrayReason }
  | { kind: "match"; match: DatasetMatch }
  | RowSamples;

/**
 * Puts the events of each match together: an attack, the defence of it, the target's reply. Matches may come mixed,
 * but each in its order. By the rounds where they are given, else a reply belongs to the last attack of its match.
 */
export async function* assembleExchanges(
  items: AsyncIterable<SourceItem> | Iterable<SourceItem>,
): AsyncGenerator<Assembled, void, undefined> {
  const open = new Map<string, Exchange[]>();
  let attackOf = new Map<string, string>();

  for await (const item of items) {
    if (item.kind === "unreadable") yield { kind: "stray", reason: "unreadable" };
    else if (item.kind === "match" || item.kind === "samples") yield item;
    else if (item.kind === "rounds") attackOf = attacksByReply(item.rounds);
    else if (item.kind === "end") {
      yield* closed(open, item.matchId);
      attackOf = new Map();
    } else {
      // Without rounds nothing that belongs to the last exchange can follow an attack.
      if (item.event.type === "attack" && attackOf.size === 0) {
        yield* closed(open, item.event.matchId);
      }
      const reason = place(open, item.event, attackOf);
      if (reason !== undefined) yield { kind: "stray", reason };
    }
  }
  for (const matchId of [...open.keys()]) yield* closed(open, matchId);
}

/** Puts an event into its exchange, or says why it has none. */
function place(
  open: Map<string, Exchange[]>,
  event: DatasetEvent,
  attackOf: ReadonlyMap<string, string>,
): StrayReason | undefined {
  const { matchId, type } = event;
  if (type === "system") return "system_event";
  const exchanges = open.get(matchId) ?? [];
  if (type === "attack") {
    exchanges.push({ matchId, attack: event });
    open.set(matchId, exchanges);
    return undefined;
  }
  const attackId = attackOf.get(event.id);
  const exchange =
    attackId === undefined
      ? exchanges.at(-1)
      : exchanges.findLast(({ attack }) => attack.id === attackId);
  if (exchange === undefined || exchange[type] !== undefined) return "reply_without_attack";
  exchange[type] = event;
  return undefined;
}

function* closed(
  open: Map<string, Exchange[]>,
  matchId: string,
): Generator<Assembled, void, undefined> {
  for (const exchange of open.get(matchId) ?? []) yield { kind: "exchange", exchange };
  open.delete(matchId);
}

function attacksByReply(
  rounds: Extract<SourceItem, { kind: "rounds" }>["rounds"],
): Map<string, string> {
  const attackOf = new Map<string, string>();
  for (const { attackEventId, defenseEventId, targetEventId } of rounds) {
    if (typeof attackEventId !== "string") continue;
    for (const id of [defenseEventId, targetEventId]) {
      if (typeof id === "string") attackOf.set(id, attackEventId);
    }
  }
  return attackOf;
}
