import { dialectOf, type KestraLine } from "../kestra/dialect.ts";
import { type CheckedCron, checkCron, isIssue } from "../templates/cron.ts";
import { isMap } from "../templates/meaning.ts";
import type { ScheduleTrigger } from "../templates/schedule-triggers.ts";

/** When a trigger fires, as properties of a Schedule trigger. */
export type TriggerTiming = Readonly<Record<string, unknown>> & {
  readonly cron: string;
  readonly timezone: string;
};

const minutesOfDay = 1_440;

/**
 * Every so many minutes, exactly. A cron can say that only for what divides an hour or a day: a step of 7 would fire at
 * minute 56 and then at 0. Any other interval fires each minute and lets Kestra skip those that are not its turn, counted from
 * 1970, so that a restart or a new deployment shifts nothing.
 *
 * @param minutes - A whole number, 1 to 1,440.
 */
export function intervalTiming(minutes: number, line: KestraLine): TriggerTiming {
  const cron = plainCron(minutes);
  if (cron !== undefined) return { cron, timezone: "UTC" };
  const expression = `{{ ((trigger.date | timestamp) / 60) % ${minutes} == 0 }}`;
  return {
    cron: "* * * * *",
    timezone: "UTC",
    ...dialectOf(line).triggerCondition(expression),
  };
}

/** How a trigger fires: by its cron, and for an interval every so many minutes. */
export interface ReadTiming {
  cron: CheckedCron;
  /** Set where the trigger skips what is not its turn. */
  everyMinutes: number | undefined;
}

/** Reads when a trigger fires. `undefined` for one that no code here wrote and no rule here reads. */
export function readTiming(trigger: ScheduleTrigger): ReadTiming | undefined {
  const timezone = typeof trigger.timezone === "string" ? trigger.timezone : undefined;
  const cron = checkCron({ cronExpression: trigger.cron, timezone });
  if (isIssue(cron)) return undefined;
  const [, minutes] = /\/ 60\) % (\d+) == 0/.exec(expressionOf(trigger)) ?? [];
  return { cron, everyMinutes: minutes === undefined ? undefined : Number(minutes) };
}

/** The next runs after an instant, soonest first. */
export function nextRuns({ cron, everyMinutes }: ReadTiming, count: number, after: Date): Date[] {
  if (everyMinutes === undefined) return cron.nextRuns(count, after);
  const stepMs = everyMinutes * 60_000;
  const first = Math.floor(after.getTime() / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => new Date((first + index) * stepMs));
}

function expressionOf({ when, conditions }: ScheduleTrigger): string {
  if (typeof when === "string") return when;
  const [condition] = Array.isArray(conditions) ? conditions : [];
  return isMap(condition) ? String(condition.expression) : "";
}

function plainCron(minutes: number): string | undefined {
  if (minutes === 1) return "* * * * *";
  if (minutes < 60 && 60 % minutes === 0) return `*/${minutes} * * * *`;
  if (minutes % 60 !== 0 || minutesOfDay % minutes !== 0) return undefined;
  if (minutes === 60) return "0 * * * *";
  return minutes === minutesOfDay ? "0 0 * * *" : `0 */${minutes / 60} * * *`;
}
