import { describeSample } from "../rows/row.ts";
import { type DatasetSource, readSource } from "../source/dataset-source.ts";
import type { SourceItem } from "../source/read-item.ts";
import { untilAborted } from "../source/until-aborted.ts";
import { Deduper } from "../steps/dedupe.ts";
import { eventsOfAnswer } from "../steps/events-of-answer.ts";
import { assembleExchanges } from "../steps/exchanges.ts";
import { seededShare } from "../text.ts";
import type { DatasetAgent, DatasetMatch, Sample } from "../types.ts";
import { type KeptSample, keepSample } from "./kept-sample.ts";
import type { EventLedger } from "./ledger.ts";
import { type Prepared, prepareExchange, prepareRow } from "./prepare.ts";
import type { Ticker } from "./ticker.ts";
import type { BuildTools } from "./tools.ts";

/** What the first pass leaves. */
export interface Collected {
  samples: KeptSample[];
  deduper: Deduper;
  /** Matches of which it is not known whether they are finished. */
  statusUnknown: number;
  /** The agents of the exchanges that were kept. */
  agentIds: Set<string>;
}

/** The first pass: select, reject, scrub and dedupe, event by event. Texts go to the spool, numbers stay in memory. */
export async function collectSamples(source: DatasetSource, tools: BuildTools): Promise<Collected> {
  const { settings, ledger, ticker } = tools;
  const matches = new Map(settings.matches.map((match) => [match.id, match]));
  const unknown = new Set<string>();
  const collected: Collected = {
    samples: [],
    deduper: new Deduper({ for: settings.for, nearThreshold: settings.nearThreshold }),
    statusUnknown: 0,
    agentIds: new Set(),
  };
  const keep = keeper(collected, tools);
  const matchOf = (matchId: string): DatasetMatch | undefined => {
    const match = matches.get(matchId);
    if (match?.status === undefined) unknown.add(matchId);
    return match;
  };

  const items = counted(
    untilAborted(readSource(source), settings.signal),
    settings.for,
    ledger,
    ticker,
  );
  for await (const assembled of assembleExchanges(items)) {
    if (assembled.kind === "match") {
      const { match } = assembled;
      matches.set(match.id, withKnown(match, matches.get(match.id)));
    } else if (assembled.kind === "stray") ledger.drop("select", assembled.reason, 1);
    else if (assembled.kind === "exchange") {
      const { exchange } = assembled;
      await keep(await prepareExchange(exchange, matchOf(exchange.matchId), tools));
    } else {
      for (const sample of assembled.samples) {
        await keep(await prepareRow(assembled, sample, matchOf(sample.matchId), tools));
      }
    }
  }
  collected.statusUnknown = unknown.size;
  return collected;
}

/** A match as the source has it, with what the caller knows besides: neither's word is lost over the other's. */
function withKnown(match: DatasetMatch, known: DatasetMatch | undefined): DatasetMatch {
  return {
    ...match,
    status: match.status ?? known?.status,
    metadata: { ...known?.metadata, ...match.metadata },
  };
}

/** Drops duplicates and remembers the rest. */
function keeper(
  { samples, deduper, agentIds }: Collected,
  { settings, ledger, spool, ticker }: BuildTools,
): (prepared: Prepared | undefined) => Promise<void> {
  const matchIds = new Map<string, string>();
  return async (prepared) => {
    if (prepared === undefined) return;
    const { sample, speakers } = prepared;
    const deduped = deduper.add(sample);
    if ("reason" in deduped) {
      ledger.drop("dedupe", deduped.reason, sample.events);
      return;
    }
    // One string a match, not one a sample: strings that come from a file are never shared by themselves.
    const matchId = matchIds.get(sample.matchId) ?? sample.matchId;
    matchIds.set(matchId, matchId);
    const rank = seededShare(settings.seed, String(deduped.key));
    samples.push(keepSample({ ...sample, matchId }, deduped.number, rank));
    await spool.append(spooled(sample, settings.for));
    ticker.samples += 1;
    for (const id of speakers) if (id !== undefined && id !== "unknown") agentIds.add(id);
  };
}

function spooled(sample: Sample, trainFor: DatasetAgent) {
  const { system, prompt, answer } = sample;
  const metadata = describeSample(sample, trainFor);
  return { ...(system !== undefined && { system }), prompt, answer, metadata };
}

async function* counted(
  items: AsyncIterable<SourceItem>,
  agent: DatasetAgent,
  ledger: EventLedger,
  ticker: Ticker,
): AsyncGenerator<SourceItem, void, undefined> {
  for await (const item of items) {
    if (item.kind === "event" || item.kind === "unreadable" || item.kind === "samples") {
      const events = item.kind === "samples" ? item.samples.length * eventsOfAnswer(agent) : 1;
      ledger.addRead(events);
      ticker.events += events;
      await ticker.tick("read");
    }
    yield item;
  }
}
