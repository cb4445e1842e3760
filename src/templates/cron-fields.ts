/** One thing wrong with a cron expression: where and what. */
export interface CronProblem {
  /** The part that is wrong, as it stands in the text; empty when it is about the whole. */
  part: string;
  /** Where the part begins in the text, counted from 1. */
  position: number;
  /** What is wrong, in words. */
  message: string;
}

interface Field {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

const fields: readonly Field[] = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: months },
  { name: "day of the week", min: 0, max: 7, names: weekdays },
];

/** Kestra's nicknames, and what they stand for. */
export const cronNicknames: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * What is wrong with a cron expression, by Kestra's rules: five fields, or six with seconds first; no `?`, `L`, `W` or
 * `#`, which other dialects know. The first problem, or none.
 */
export function findCronProblem(expression: string): CronProblem | undefined {
  if (expression.trim().startsWith("@")) {
    if (Object.hasOwn(cronNicknames, expression.trim())) return undefined;
    return whole(
      expression,
      `is none of Kestra's names (${Object.keys(cronNicknames).join(", ")})`,
    );
  }
  const parts = [...expression.matchAll(/\S+/g)];
  if (parts.length !== 5 && parts.length !== 6) {
    return whole(expression, `has ${parts.length} fields, not 5 (or 6 with seconds first)`);
  }
  const used = parts.length === 6 ? fields : fields.slice(1);
  for (const [index, match] of parts.entries()) {
    const problem = findFieldProblem(match[0], match.index, used[index] as Field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * The same expression in the words of croner, which takes no `5/15` for "every 15 from 5 on", and no nickname with a
 * different meaning.
 */
export function toCroner(expression: string): string {
  const plain = cronNicknames[expression.trim()] ?? expression.trim();
  const parts = plain.split(/\s+/);
  const used = parts.length === 6 ? fields : fields.slice(1);
  return parts
    .map((part, index) =>
      part
        .split(",")
        .map((item) => item.replace(/^([^-*/]+)\//, `$1-${used[index]?.max ?? 59}/`))
        .join(","),
    )
    .join(" ");
}

function findFieldProblem(text: string, start: number, field: Field): CronProblem | undefined {
  let position = start + 1;
  for (const item of text.split(",")) {
    const message = problemOf(item, field);
    if (message !== undefined) return { part: item === "" ? text : item, position, message };
    position += item.length + 1;
  }
  return undefined;
}

function problemOf(item: string, field: Field): string | undefined {
  const { name, min, max, names } = field;
  const range = `${min} to ${max}${names === undefined ? "" : ` or ${names[0]} to ${names.at(-1)}`}`;
  if (item === "") return `the ${name} has a comma with nothing beside it`;
  const [values = "", step, ...more] = item.split("/");
  if (more.length > 0) return `the ${name} has more than one step`;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= max)) {
    return `the step of the ${name} must be a number from 1 to ${max}`;
  }
  if (values === "*") return undefined;
  const ends = values.split("-");
  if (ends.length > 2) return `the ${name} is no range; a range is two values, as in ${min}-${max}`;
  const numbers = ends.map((end) => toNumber(end, field));
  if (numbers.includes(undefined)) return `the ${name} must be *, or ${range}`;
  const [from = 0, to = from] = numbers as number[];
  return from > to ? `the range of the ${name} ends before it begins` : undefined;
}

function toNumber(text: string, { min, max, names }: Field): number | undefined {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  // Sunday is 0 and 7 as a number; its name is 7 to Kestra, so that FRI-SUN is a range and SUN-TUE is none.
  if (index === 0 && max === 7) return 7;
  if (index >= 0) return index + min;
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function whole(expression: string, message: string): CronProblem {
  return { part: expression.trim(), position: 1, message };
}
