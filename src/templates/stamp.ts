/**
 * What a deployment leaves in a flow: a comment of one line with the package's version and a hash of the flow's meaning.
 * A comment, since a label would be on every execution and would be handed on to subflows.
 */

import { type FlowMeaning, hashMeaning } from "./meaning.ts";
import { isScheduleTrigger } from "./schedule-triggers.ts";

/** What a stamp says. */
export interface Stamp {
  /** The version of the package that deployed the flow. */
  version: string;
  /** The hash of what it deployed. */
  hash: string;
}

const pattern = /^# Deployed by kestra-arena (\S+), content ([0-9a-f]{32})\b.*(?:\r?\n|$)/m;

/** The text with a stamp as its first line, in place of an older one. */
export async function stampText(text: string, meaning: FlowMeaning, version: string) {
  const hash = await hashContent(meaning);
  const hint = "A change made in Kestra is kept, and reported as drift.";
  return `# Deployed by kestra-arena ${version}, content ${hash}. ${hint}\n${unstampText(text)}`;
}

/** The text without its stamp. */
export function unstampText(text: string): string {
  return text.replace(pattern, "");
}

/** The stamp of a text, when it has one. */
export function readStamp(text: string): Stamp | undefined {
  const [, version, hash] = pattern.exec(text) ?? [];
  return version === undefined || hash === undefined ? undefined : { version, hash };
}

/** True when a flow's text is as the package deployed it. */
export async function isOurs(source: string, meaning: FlowMeaning): Promise<boolean> {
  return readStamp(source)?.hash === (await hashContent(meaning));
}

/**
 * The hash of what belongs to the package in a flow. Its Schedule triggers do not: they belong to whoever set the
 * schedule, here or in Kestra's UI.
 */
export function hashContent(meaning: FlowMeaning): Promise<string> {
  return hashMeaning(withoutSchedules(meaning));
}

/** The flow without its Schedule triggers. */
function withoutSchedules(meaning: FlowMeaning): FlowMeaning {
  const { triggers, ...rest } = meaning;
  if (!Array.isArray(triggers)) return meaning;
  const others = triggers.filter((trigger) => !isScheduleTrigger(trigger));
  return others.length === 0 ? rest : { ...rest, triggers: others };
}
