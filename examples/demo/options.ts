import { parseArgs } from "node:util";

/** What the demo was asked for. */
export interface DemoOptions {
  line: "2.0" | "1.3";
  red: number;
  blue: number;
  targets: number;
  matches: number;
  concurrency: number;
  seed: number;
  oneAtATime: boolean;
}

/** How the demo is called. */
export const usage = `npm run demo -- [options]

Plays a round-robin of red and blue agents on a real Kestra and shows who got through whose defence.

  --line 2.0|1.3     Kestra's version line, where the demo starts Kestra itself (2.0)
  --red N            red agents (3)
  --blue N           blue agents (3)
  --targets N        target agents (2)
  --matches N        matches of each combination (2)
  --concurrency N    matches at a time (5)
  --seed N           seed of the sample arena (1)
  --one-at-a-time    the arena plays one match at a time and cancels the others, as today's backend does
  --help             this text

KESTRA_URL (with KESTRA_USERNAME and KESTRA_PASSWORD, or KESTRA_API_KEY) runs it on a Kestra of yours, in the namespace
ai-arena.demo. Otherwise Docker is used when it runs, else the embedded engine.`;

/** Something in the call that cannot be. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line; `"help"` when that was asked for. @throws UsageError */
export function readOptions(args: readonly string[]): DemoOptions | "help" {
  const { values } = parse(args);
  if (values.help) return "help";
  const { line } = values;
  if (line !== "2.0" && line !== "1.3") {
    throw new UsageError(`--line must be 2.0 or 1.3, not ${line}.`);
  }
  return {
    line,
    red: readCount("red", values.red, 50),
    blue: readCount("blue", values.blue, 50),
    targets: readCount("targets", values.targets, 50),
    matches: readCount("matches", values.matches, 1_000),
    concurrency: readCount("concurrency", values.concurrency, 100),
    seed: readCount("seed", values.seed, 2 ** 31 - 1),
    oneAtATime: values["one-at-a-time"],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        line: { type: "string", default: "2.0" },
        red: { type: "string", default: "3" },
        blue: { type: "string", default: "3" },
        targets: { type: "string", default: "2" },
        matches: { type: "string", default: "2" },
        concurrency: { type: "string", default: "5" },
        seed: { type: "string", default: "1" },
        "one-at-a-time": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readCount(name: string, text: string, max: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= max) return count;
  throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not ${text}.`);
}
