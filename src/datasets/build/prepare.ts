import { placeholder } from "../scrub/placeholder.ts";
import type { Scrubber } from "../scrub/scrubber.ts";
import type { RowSamples } from "../source/read-training-row.ts";
import { eventsOfAnswer } from "../steps/events-of-answer.ts";
import type { Exchange } from "../steps/exchanges.ts";
import { type Replies, rejectMatch, rejectSample } from "../steps/reject.ts";
import { countEvents, selectSample, whyUnwanted } from "../steps/select.ts";
import type { DatasetMatch, Sample } from "../types.ts";
import type { BuildTools } from "./tools.ts";

/** A sample that is fit to be kept, and who spoke in its exchange. */
export interface Prepared {
  sample: Sample;
  speakers: readonly (string | undefined)[];
}

/** Selects, rejects and scrubs; what does not get through is entered in the ledger. */
export async function prepareExchange(
  exchange: Exchange,
  match: DatasetMatch | undefined,
  tools: BuildTools,
): Promise<Prepared | undefined> {
  const { settings, ledger } = tools;
  const selection = selectSample(exchange, settings);
  if ("reason" in selection) {
    ledger.drop("select", selection.reason, countEvents(exchange));
    return undefined;
  }
  const { sample, unused } = selection;
  ledger.drop("select", "not_needed", unused);
  const agent = settings.agents.get(sample.agentId);
  if (settings.systemPrompts && agent?.systemPrompt !== undefined) {
    sample.system = agent.systemPrompt;
  }
  const clean = await rejectAndScrub(sample, exchange, match, tools);
  const { attack, defense, target } = exchange;
  return clean && { sample: clean, speakers: [attack.agentId, defense?.agentId, target?.agentId] };
}

/** The same for an answer of a row that was chosen already: what can still be told is checked again. */
export async function prepareRow(
  row: RowSamples,
  part: RowSamples["samples"][number],
  match: DatasetMatch | undefined,
  tools: BuildTools,
): Promise<Prepared | undefined> {
  const { settings, ledger } = tools;
  const agentId = row.agentIdFor(settings.for);
  const sample: Sample = { ...part, agentId, events: eventsOfAnswer(settings.for) };
  const isOther = row.trainFor !== undefined && row.trainFor !== settings.for;
  const unwanted = isOther ? "other_agent" : whyUnwanted(sample, settings);
  if (unwanted !== undefined) {
    ledger.drop("select", unwanted, sample.events);
    return undefined;
  }
  const replies = settings.for === "target" ? { target: { prompt: sample.answer } } : {};
  const clean = await rejectAndScrub(sample, replies, match, tools);
  const speakers = (["red", "blue", "target"] as const).map((agent) => row.agentIdFor(agent));
  return clean && { sample: clean, speakers };
}

async function rejectAndScrub(
  sample: Sample,
  replies: Replies,
  match: DatasetMatch | undefined,
  { settings, ledger, scrubber }: BuildTools,
): Promise<Sample | undefined> {
  const reason =
    rejectMatch(sample.matchId, match, settings) ?? rejectSample(sample, replies, settings);
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
  const { system, prompt, answer, attackType } = sample;
  const texts = [prompt, answer, attackType, ...(system === undefined ? [] : [system])];
  const [cleanPrompt = "", cleanAnswer = "", type = "", cleanSystem] = await scrubber.scrub(texts);
  const scrubbed = { ...sample, prompt: cleanPrompt, answer: cleanAnswer, attackType: type };
  return cleanSystem === undefined ? scrubbed : { ...scrubbed, system: cleanSystem };
}

/** True when there is more than placeholders. */
function hasWords(text: string): boolean {
  return text.replaceAll(placeholder, "").trim() !== "";
}
