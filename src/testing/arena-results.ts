import type { BatchResult } from "../flows/batch-evaluation.ts";
import type { FakeStart, PartOf } from "./outcomes.ts";
import { plausibleBatch, plausibleTick } from "./plausible-batch.ts";
import {
  plausibleCheck,
  plausibleDataset,
  plausibleMatch,
  plausibleRow,
  plausibleTuning,
} from "./plausible-results.ts";
import { toWire } from "./wire-outputs.ts";

/** What an execution leaves behind. */
interface Leavings {
  outputs: Record<string, unknown>;
  /** The files that its outputs point at, by their addresses. */
  files: Record<string, string>;
  rows?: BatchResult["rows"];
}

type ToResult = (start: FakeStart, given: PartOf<object>) => Leavings;

const transcript = JSON.stringify({ events: [], rounds: [] });

/** How each of the arena's flows comes to its outputs. */
export const arenaResults: Readonly<Record<string, ToResult>> = {
  "match-orchestration": (start, given) => {
    const result = fillIn(plausibleMatch(start), given);
    return { outputs: toWire(result), files: { [result.transcriptFile]: transcript } };
  },
  "batch-evaluation": (start, given) => batch(plausibleBatch(start, given)),
  "scheduled-matches": (start, given) => batch(plausibleTick(start, given)),
  "continuous-monitoring": (start, given) => ({
    outputs: toWire(fillIn(plausibleCheck(start), given)),
    files: {},
  }),
  "dataset-generation": (start, given) => {
    const result = fillIn(plausibleDataset(start), given);
    return { outputs: toWire(result), files: { [result.datasetFile]: plausibleRow } };
  },
  "agent-fine-tuning": (start, given) => {
    const result = fillIn(plausibleTuning(start), given);
    return { outputs: toWire(result), files: { [result.datasetFile]: plausibleRow } };
  },
};

function batch({ rows, ...result }: BatchResult): Leavings {
  const lines = rows.map((row) => `${JSON.stringify(toWire(row))}\n`).join("");
  return { outputs: toWire(result), files: { [result.rowsFile]: lines }, rows };
}

/** What is given, over what is plausible; objects are filled in one level down. */
function fillIn<Result extends object>(plausible: Result, given: PartOf<object>): Result {
  const filled = { ...plausible } as Record<string, unknown>;
  for (const [key, value] of Object.entries(given)) {
    const usual = filled[key];
    filled[key] = isPlain(usual) && isPlain(value) ? { ...usual, ...value } : value;
  }
  return filled as Result;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
