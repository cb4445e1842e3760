import { Cron } from "croner";
import type { InputIssue } from "../errors.ts";
import { cronNicknames, findCronProblem, toCroner } from "./cron-fields.ts";

/** When something runs. */
export interface CronSchedule {
  /** Five fields (minute, hour, day of the month, month, day of the week), six with seconds first, or a nickname. */
  cronExpression: string;
  /** The time zone that it is meant in, by its IANA name. @default "UTC" */
  timezone?: string | undefined;
}

/** A checked schedule. */
export interface CheckedCron {
  /** The expression, without spaces around it. */
  expression: string;
  /** The time zone. */
  timezone: string;
  /** True for six fields. */
  withSeconds: boolean;
  /** The next runs after an instant, soonest first. */
  nextRuns(count: number, after?: Date): Date[];
}

/** What a good expression is, for those who gave a bad one. */
const form =
  'A cron expression is five fields, minute hour day-of-month month day-of-week ("0 */6 * * *" is every six hours, ' +
  `"30 8 * * MON-FRI" is 08:30 on weekdays), six with seconds first, or one of ${Object.keys(cronNicknames).join(", ")}`;

/** Checks a schedule by the rules of Kestra. @returns It, or what is wrong with it and where. */
export function checkCron({
  cronExpression,
  timezone = "UTC",
}: CronSchedule): CheckedCron | InputIssue {
  if (typeof cronExpression !== "string" || cronExpression.trim() === "") {
    return { path: ["cronExpression"], message: `must be a text. ${form}` };
  }
  const problem = findCronProblem(cronExpression);
  if (problem !== undefined) {
    const where = `"${problem.part}" at character ${problem.position}`;
    return { path: ["cronExpression"], message: `${where}: ${problem.message}. ${form}` };
  }
  const zone = checkTimezone(timezone);
  if (zone !== undefined) return { path: ["timezone"], message: zone };
  const expression = cronExpression.trim();
  const cron = new Cron(toCroner(expression), { timezone, paused: true });
  if (cron.nextRun() === null) {
    const message = `"${expression}" never comes: no month has that day. ${form}`;
    return { path: ["cronExpression"], message };
  }
  return {
    expression,
    timezone,
    withSeconds: expression.split(/\s+/).length === 6,
    nextRuns: (count, after = new Date()) => collectRuns(cron, count, after),
  };
}

/** Where clocks are put forward, croner moves the time that does not exist; Kestra leaves it out that day. */
function collectRuns(cron: Cron, count: number, after: Date): Date[] {
  const runs: Date[] = [];
  let next = cron.nextRun(after);
  while (next !== null && runs.length < count) {
    if (cron.match(next)) runs.push(next);
    next = cron.nextRun(next);
  }
  return runs;
}

/** True for what {@link checkCron} found wrong. */
export function isIssue(value: CheckedCron | InputIssue): value is InputIssue {
  return "message" in value;
}

/** Kestra takes a name as Java spells it: with its capitals, and no old abbreviation such as EST. */
function checkTimezone(timezone: string): string | undefined {
  const hint = `must be the name of a time zone, such as UTC or Europe/Berlin, not ${JSON.stringify(timezone)}`;
  if (typeof timezone !== "string" || !/^(UTC|GMT|[A-Z]\w+(\/[\w+-]+)+)$/.test(timezone))
    return hint;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return undefined;
  } catch {
    return hint;
  }
}
