import type { Scrubber } from "../scrub/scrubber.ts";
import { type DatasetSource, readSource } from "../source/dataset-source.ts";
import type { SourceItem } from "../source/read-item.ts";
import { Deduper } from "../steps/dedupe.ts";
import { assembleExchanges, type Exchange } from "../steps/exchanges.ts";
import { rejectMatch, rejectSample } from "../steps/reject.ts";
import { countEvents, selectSample } from "../steps/select.ts";
import { seededShare } from "../text.ts";
import type { DatasetMatch, Sample } from "../types.ts";
import type { KeptSample } from "./kept-sample.ts";
import { keepSample } from "./kept-sample.ts";
import type { EventLedger } from "./ledger.ts";
import type { BuildSettings } from "./settings.ts";
import type { Spool } from "./spool.ts";
import type { Ticker } from "./ticker.ts";

/** The tools of a build. */
export interface BuildTools {
  settings: BuildSettings;
  ledger: EventLedger;
  scrubber: Scrubber;
  spool: Spool;
  ticker: Ticker;
}

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
  const { settings, ledger, spool, ticker } = tools;
  const matches = new Map(settings.matches.map((match) => [match.id, match]));
  const matchIds = new Map<string, string>();
  const unknown = new Set<string>();
  const collected: Collected = {
    samples: [],
    deduper: new Deduper({ for: settings.for, nearThreshold: settings.nearThreshold }),
    statusUnknown: 0,
    agentIds: new Set(),
  };

  for await (const assembled of assembleExchanges(counted(readSource(source), ledger, ticker))) {
    if (assembled.kind === "match") matches.set(assembled.match.id, assembled.match);
    if (assembled.kind === "stray") ledger.drop("select", assembled.reason, 1);
    if (assembled.kind !== "exchange") continue;
    const { exchange } = assembled;
    const match = matches.get(exchange.matchId);
    if (match?.status === undefined) unknown.add(exchange.matchId);
    const sample = await prepare(exchange, match, tools);
    if (sample === undefined) continue;
    const deduped = collected.deduper.add(sample);
    if ("reason" in deduped) {
      ledger.drop("dedupe", deduped.reason, sample.events);
      continue;
    }
    // One string a match, not one a sample: strings that come from a file are never shared by themselves.
    const matchId = matchIds.get(sample.matchId) ?? sample.matchId;
    matchIds.set(matchId, matchId);
    const rank = seededShare(settings.seed, String(deduped.key));
    collected.samples.push(keepSample({ ...sample, matchId }, deduped.number, rank));
    await spool.append(sample);
    ticker.samples += 1;
    for (const { agentId } of speakersOf(exchange)) {
      if (agentId !== undefined) collected.agentIds.add(agentId);
    }
  }
  collected.statusUnknown = unknown.size;
  return collected;
}

/** Selects, rejects and scrubs; what does not get through is entered in the ledger. */
async function prepare(
  exchange: Exchange,
  match: DatasetMatch | undefined,
  { settings, ledger, scrubber }: BuildTools,
): Promise<Sample | undefined> {
  const selection = selectSample(exchange, settings);
  if ("reason" in selection) {
    ledger.drop("select", selection.reason, countEvents(exchange));
    return undefined;
  }
  const { sample, unused } = selection;
  ledger.drop("select", "not_needed", unused);
  const system =
    settings.systemPrompts === true ? settings.agents.get(sample.agentId)?.systemPrompt : undefined;
  if (system !== undefined) sample.system = system;
  const reason =
    rejectMatch(exchange.matchId, match, settings) ?? rejectSample(sample, exchange, settings);
  if (reason !== undefined) {
    ledger.drop("reject", reason, sample.events);
    return undefined;
  }
  const scrubbed = await scrubSample(sample, scrubber);
  if (hasWords(scrubbed.answer) && hasWords(scrubbed.prompt)) return scrubbed;
  ledger.drop("scrub", "nothing_left", sample.events);
  return undefined;
}

async function scrubSample(sample: Sample, scrubber: Scrubber): Promise<Sample> {
  const { system, attackType } = sample;
  const texts = [
    sample.prompt,
    sample.answer,
    attackType,
    ...(system === undefined ? [] : [system]),
  ];
  const [prompt = "", answer = "", type = "", cleanSystem] = await scrubber.scrub(texts);
  const scrubbed = { ...sample, prompt, answer, attackType: type };
  return cleanSystem === undefined ? scrubbed : { ...scrubbed, system: cleanSystem };
}

/** True when there is more than placeholders. */
function hasWords(text: string): boolean {
  return text.replaceAll(/\[[A-Z][A-Z0-9_]{0,40}_\d{1,9}\]/g, "").trim() !== "";
}

function speakersOf({ attack, defense, target }: Exchange) {
  return [attack, defense, target].filter((event) => event !== undefined);
}

async function* counted(
  items: AsyncIterable<SourceItem>,
  ledger: EventLedger,
  ticker: Ticker,
): AsyncGenerator<SourceItem, void, undefined> {
  for await (const item of items) {
    if (item.kind === "event" || item.kind === "unreadable") {
      ledger.addRead(1);
      ticker.events += 1;
      await ticker.tick("read");
    }
    yield item;
  }
}
