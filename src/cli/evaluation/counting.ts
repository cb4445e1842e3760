import { type Command, InvalidArgumentError, Option } from "commander";
import type { Definitions } from "../../evaluation/index.ts";

/** How attacks are counted, on the command line. */
export interface CountingOptions {
  count?: Partial<Definitions>;
  confidence?: number;
}

const outcomes = ["success", "blocked", "mitigated", "detected", "failed", "processed"];
const verdicts = ["success", "failure", "undecided"];

/** Adds the options to a command. */
export function withCounting(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--count <outcome=verdict>",
        "count an outcome as success, failure or undecided, such as detected=success; may be given many times",
      ).argParser(parseDefinition),
    )
    .addOption(
      new Option(
        "--confidence <fraction>",
        "of the intervals, such as 0.9; 0.95 without it",
      ).argParser(parseConfidence),
    );
}

/** What the library takes for them. */
export function countingOf({ count, confidence }: CountingOptions): {
  definitions?: Partial<Definitions>;
  confidence?: number;
} {
  return {
    ...(count !== undefined && { definitions: count }),
    ...(confidence !== undefined && { confidence }),
  };
}

function parseDefinition(text: string, previous: Partial<Definitions> = {}): Partial<Definitions> {
  const [outcome = "", verdict = "", ...rest] = text.split("=");
  if (!outcomes.includes(outcome) || !verdicts.includes(verdict) || rest.length > 0) {
    throw new InvalidArgumentError(
      `Give one of ${outcomes.join(", ")}, then = and one of ${verdicts.join(", ")}.`,
    );
  }
  return { ...previous, [outcome]: verdict };
}

function parseConfidence(text: string): number {
  const value = Number(text);
  if (value >= 0.5 && value < 1) return value;
  throw new InvalidArgumentError("Give a fraction from 0.5 to under 1, such as 0.95.");
}
