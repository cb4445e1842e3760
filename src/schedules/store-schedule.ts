import type { KestraApi } from "../kestra/index.ts";
import { canonical, readMeaning } from "../templates/meaning.ts";
import { type ScheduleTrigger, scheduleTriggers } from "../templates/schedule-triggers.ts";
import { stampText } from "../templates/stamp.ts";
import { packageVersion } from "../version.ts";
import { isOffAsShipped } from "./off-as-shipped.ts";
import { withTrigger } from "./stored-trigger.ts";
import { findTrigger, type ScheduleCallOptions } from "./trigger-state.ts";

/** A flow that is to run on a schedule. */
export interface ScheduledFlow {
  namespace: string;
  flowId: string;
  /** Its text without the schedule, for when it is not in Kestra yet. */
  text: string;
  /** Keeps what somebody changed in the flow that is there, but for the schedule. @default false: `text` replaces it */
  keeps?: boolean;
  /** When it runs, and with what. */
  trigger: ScheduleTrigger;
}

/**
 * Stores a flow with its schedule: created when it is not there, changed where it differs, and otherwise nothing is sent.
 * A schedule that is paused stays so. Kestra 2.x would start one again whose trigger has changed, so that such a pause is
 * written into the flow.
 */
export async function storeSchedule(
  kestra: KestraApi,
  flow: ScheduledFlow,
  options: ScheduleCallOptions,
): Promise<void> {
  const { namespace, flowId, text, trigger, keeps = false } = flow;
  const existing = await kestra.flows.find(namespace, flowId, options);
  if (existing === undefined) {
    const source = withTrigger(text, trigger);
    try {
      await kestra.flows.create(
        await stampText(source, readMeaning(source), packageVersion),
        options,
      );
      return;
    } catch (error) {
      // Another process was a moment faster: then it is there to be changed.
      if (!(await kestra.flows.saysExists(error))) throw error;
      return storeSchedule(kestra, flow, options);
    }
  }
  const source = existing.source ?? "";
  const isPaused = await isSwitchedOff(
    kestra,
    { namespace, flowId, triggerId: trigger.id },
    source,
    options,
  );
  const wanted = isPaused ? { ...trigger, disabled: true } : trigger;
  const changed = withTrigger(keeps ? source : text, wanted);
  const isSame = canonical(readMeaning(changed)) === canonical(readMeaning(source));
  if (isSame) return;
  const stamped = keeps ? changed : await stampText(changed, readMeaning(changed), packageVersion);
  await kestra.flows.update(namespace, flowId, stamped, options);
}

async function isSwitchedOff(
  kestra: KestraApi,
  trigger: { namespace: string; flowId: string; triggerId: string },
  source: string,
  options: ScheduleCallOptions,
): Promise<boolean> {
  const written = scheduleTriggers(readMeaning(source)).find(({ id }) => id === trigger.triggerId);
  if (written === undefined || isOffAsShipped(written)) return false;
  const state = await findTrigger(kestra, trigger, options);
  return written.disabled === true || state?.disabled === true;
}
