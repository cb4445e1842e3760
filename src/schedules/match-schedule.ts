import { InputError } from "../errors.ts";
import { type ScheduledMatchesInput, scheduledMatches } from "../flows/scheduled-matches.ts";
import { checkCron, isIssue } from "../templates/cron.ts";
import { loadFlow } from "../templates/load-flow.ts";
import { readMeaning } from "../templates/meaning.ts";
import { type ScheduleTrigger, scheduleTriggers } from "../templates/schedule-triggers.ts";
import type { ScheduleContext } from "./context.ts";
import { storeSchedule } from "./store-schedule.ts";
import type { ScheduleCallOptions } from "./trigger-state.ts";

/** When matches are played, and which. */
export interface ScheduleMatchesInput extends Omit<ScheduledMatchesInput, "scheduleCron"> {
  /**
   * Five fields (minute, hour, day of the month, month, day of the week), six with seconds first, or one of Kestra's names
   * (`@daily`).
   *
   * @default "0 *\/6 * * *", every six hours
   */
  cronExpression?: string | undefined;
  /** The time zone that it is meant in, by its IANA name. @default "UTC" */
  timezone?: string | undefined;
}

/**
 * Sets the schedule of `scheduled-matches`, and deploys that flow with those that it calls where they are missing. What
 * somebody changed otherwise in a flow that is there stays.
 *
 * @throws InputError before anything is sent.
 */
export async function storeMatchSchedule(
  { kestra, namespace, deployMissing }: ScheduleContext,
  input: ScheduleMatchesInput,
  options: ScheduleCallOptions,
): Promise<void> {
  const { cronExpression = "0 */6 * * *", timezone, ...matches } = input;
  const cron = checkCron({ cronExpression, timezone });
  if (isIssue(cron)) throw new InputError("scheduleMatches", [cron]);
  const inputs = scheduledMatches.build({ ...matches, scheduleCron: cron.expression });
  const line = await kestra.line(options.signal);
  await deployMissing(["batch-evaluation"], options.signal);
  const text = await loadFlow(scheduledMatches.id, { line, namespace });
  const [shipped] = scheduleTriggers(readMeaning(text));
  if (shipped === undefined) throw new Error("scheduled-matches.yml has no Schedule trigger");
  const { disabled: _off, ...trigger } = shipped;
  await storeSchedule(
    kestra,
    {
      namespace,
      flowId: scheduledMatches.id,
      text,
      keeps: true,
      trigger: {
        ...trigger,
        cron: cron.expression,
        timezone: cron.timezone,
        ...(cron.withSeconds && { withSeconds: true }),
        inputs,
      } as ScheduleTrigger,
    },
    options,
  );
}
