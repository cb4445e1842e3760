import { arenaFlowIds } from "../flows/index.ts";

/** What the YAML fills in, where a test could see it. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "batch-evaluation": { matches_per_combination: 3 },
};

/**
 * The inputs of one of the arena's flows as Kestra reads them. None of its texts could be taken for a number or for
 * JSON, so that the types need not be known. Those of any other flow stay as they were sent.
 */
export function readTypedInputs(
  flowId: string,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (!(arenaFlowIds as readonly string[]).includes(flowId)) return { ...sent };
  const read = Object.entries(sent).map(([name, value]) => [name, readValue(value)] as const);
  return { ...defaults[flowId], ...Object.fromEntries(read) };
}

function readValue(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
