import { type FlowMeaning, isMap } from "./meaning.ts";

/** A Schedule trigger of a flow. */
export interface ScheduleTrigger {
  /** Its id in the flow. */
  id: string;
  /** Kestra's type of it. */
  type: string;
  /** When it fires. */
  cron: string;
  [property: string]: unknown;
}

/** The type of Kestra's Schedule trigger. */
export const scheduleType = "io.kestra.plugin.core.trigger.Schedule";

/** True for a Schedule trigger of a flow. */
export function isScheduleTrigger(value: unknown): value is ScheduleTrigger {
  return isMap(value) && typeof value.type === "string" && value.type.endsWith(".Schedule");
}

/** The Schedule triggers of a flow. */
export function scheduleTriggers({ triggers }: FlowMeaning): ScheduleTrigger[] {
  return Array.isArray(triggers) ? triggers.filter(isScheduleTrigger) : [];
}
