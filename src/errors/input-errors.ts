import { ArenaError } from "./base.ts";

/** One thing wrong with an input: where (`["agentCombinations", 3, "redAgentId"]`) and what. */
export interface InputIssue {
  /** Keys and indexes from the input's root to the value; empty for the whole input. */
  path: readonly (string | number)[];
  /** What is wrong, in words. */
  message: string;
}

/** The input is wrong. Thrown before anything is sent. */
export class InputError extends ArenaError {
  declare readonly code: "input";
  /** All that is wrong, not just the first. */
  readonly issues: readonly InputIssue[];

  constructor(subject: string, issues: readonly InputIssue[]) {
    super("input", `${subject}: ${issues.map(describeIssue).join("; ")}. Nothing was sent.`);
    this.issues = issues;
  }
}

/** An option or an environment variable is missing or wrong. Thrown before anything is sent. */
export class ConfigError extends ArenaError {
  declare readonly code: "config";

  constructor(message: string) {
    super("config", message);
  }
}

/** `agentCombinations[3].redAgentId: must be a UUID`. */
export function describeIssue(issue: InputIssue): string {
  const path = issue.path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
