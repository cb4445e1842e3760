import type * as z from "zod";
import type { InputIssue } from "./input-errors.ts";

/** zod's issues, in the package's own shape: a zod of another version never shows in our types. */
export function zodIssues(
  error: z.ZodError,
  prefix: InputIssue["path"] = [],
): [InputIssue, ...InputIssue[]] {
  const own = ({ path, message }: z.core.$ZodIssue): InputIssue => ({
    path: [...prefix, ...path.map((key) => (typeof key === "symbol" ? String(key) : key))],
    message,
  });
  // What does not fit has at least one.
  const [first, ...others] = error.issues as [z.core.$ZodIssue, ...z.core.$ZodIssue[]];
  return [own(first), ...others.map(own)];
}
