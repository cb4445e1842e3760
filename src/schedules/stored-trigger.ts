import type { KestraApi } from "../kestra/index.ts";
import type { TriggerId } from "../kestra/triggers.ts";
import { appendItems, removeValue, setValue } from "../templates/flow-text.ts";
import { canonical, readMeaning } from "../templates/meaning.ts";
import { type ScheduleTrigger, scheduleTriggers } from "../templates/schedule-triggers.ts";
import type { ScheduleCallOptions } from "./trigger-state.ts";

/** A flow's text with a trigger set anew, or added; every other byte stays. The same text when nothing changes. */
export function withTrigger(text: string, trigger: ScheduleTrigger): string {
  const wanted = JSON.parse(JSON.stringify(trigger)) as ScheduleTrigger;
  const { triggers } = readMeaning(text);
  const all: unknown[] = Array.isArray(triggers) ? triggers : [];
  const index = all.findIndex((item) => (item as ScheduleTrigger).id === trigger.id);
  if (index === -1) return appendItems(text, ["triggers"], [wanted]);
  if (canonical(all[index]) === canonical(wanted)) return text;
  return setValue(text, ["triggers", index], wanted);
}

/** The flow's text without a trigger. */
export function withoutTrigger(text: string, triggerId: string): string {
  const { triggers } = readMeaning(text);
  const all: unknown[] = Array.isArray(triggers) ? triggers : [];
  const index = all.findIndex((item) => (item as ScheduleTrigger).id === triggerId);
  return index === -1 ? text : removeValue(text, ["triggers", index]);
}

/**
 * Changes a trigger in the flow that Kestra has, whatever else somebody changed in it. Sends nothing when it is so already.
 *
 * @throws NotFoundError when there is no such flow.
 */
export async function setTrigger(
  kestra: KestraApi,
  { namespace, flowId, triggerId }: TriggerId,
  change: (trigger: ScheduleTrigger) => ScheduleTrigger | Record<string, unknown>,
  options: ScheduleCallOptions,
): Promise<void> {
  const { source = "" } = await kestra.flows.get(namespace, flowId, options);
  const trigger = scheduleTriggers(readMeaning(source)).find(({ id }) => id === triggerId);
  if (trigger === undefined) return;
  const text = withTrigger(source, change(trigger) as ScheduleTrigger);
  if (text !== source) await kestra.flows.update(namespace, flowId, text, options);
}

/** Takes a trigger out of the flow that Kestra has. */
export async function removeTrigger(
  kestra: KestraApi,
  { namespace, flowId, triggerId }: TriggerId,
  options: ScheduleCallOptions,
): Promise<void> {
  const { source = "" } = await kestra.flows.get(namespace, flowId, options);
  const text = withoutTrigger(source, triggerId);
  if (text !== source) await kestra.flows.update(namespace, flowId, text, options);
}
