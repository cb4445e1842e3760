import { InputError, type InputIssue } from "../errors.ts";

/**
 * Refuses options that do not exist, and times that are none: what is misspelt would be dropped without a word.
 *
 * @throws InputError
 */
export function checkOptions(subject: string, options: object, names: ReadonlySet<string>): void {
  const issues: InputIssue[] = [];
  for (const key of Object.keys(options)) {
    if (names.has(key)) continue;
    issues.push({ path: [key], message: `is no option; there are ${[...names].join(", ")}` });
  }
  const timeoutMs = "timeoutMs" in options ? options.timeoutMs : undefined;
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
    issues.push({ path: ["timeoutMs"], message: "must be a number of milliseconds, 0 or more" });
  }
  if (issues.length > 0) throw new InputError(subject, issues);
}
