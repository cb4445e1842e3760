import * as z from "zod";
import { lazy } from "../lazy.ts";
import {
  type DatasetValidation,
  datasetValidation,
  type TrainedAgent,
  type TrainingKind,
} from "./dataset-validation.ts";
import { defineFlow } from "./define-flow.ts";
import { agentId, int } from "./fields.ts";
import { type Instant, instant, toIsoText } from "./instant.ts";

/** Which matches a dataset is made of, and what for. */
export interface GenerateDatasetInput {
  /** These matches, 1 to 10,000, and no others. @default all that the rest of the input allows */
  matchIds?: readonly string[] | undefined;
  /** Leaves out matches that were complete before. @default no bound */
  dateRangeStart?: Instant | undefined;
  /** Leaves out matches that were complete after. @default no bound */
  dateRangeEnd?: Instant | undefined;
  /** Leaves out matches of a lower severity (0–10, the mean over a match's attacks); of `matchIds` too. @default 5 */
  minSeverity?: number | undefined;
  /** Takes the newest ones only, 1 to 100,000. @default all */
  maxMatches?: number | undefined;
  /** Takes only matches that this agent played. @default those of all agents */
  agentId?: string | undefined;
  /** Which agent the rows teach. @default the type of `agentId`; `target` without one */
  trainFor?: TrainedAgent | undefined;
  /** What kind of rows. @default "kto" where blue is trained, else "sft" */
  kind?: TrainingKind | undefined;
  /**
   * How the file is written. Kestra's core cannot make Parquet: `parquet` gives JSON lines and a note that says so, and
   * `kestra-arena/datasets` converts them.
   *
   * @default "jsonl"
   */
  format?: "jsonl" | "json" | "parquet" | undefined;
  /** Puts the trained agent's present system prompt before each prompt; a target's may hold secrets. @default false */
  includeSystemPrompt?: boolean | undefined;
}

/** A dataset that the flow made. No row is an answer too: then `rowCount` is 0 and `validation.notes` says why. */
export interface DatasetResult {
  /** The rows in Kestra's storage (`kestra:///…`). */
  datasetFile: string;
  /** How many rows there are. */
  rowCount: number;
  /** How many matches they were chosen from. */
  matchCount: number;
  /** Those matches, newest first or in the order asked for. */
  matchIds: string[];
  /** What the file holds, what was left out, and why. */
  validation: DatasetValidation;
}

const input = lazy(() =>
  z
    .strictObject({
      matchIds: z.array(z.string().min(1)).min(1).max(10_000).readonly().optional(),
      dateRangeStart: instant().optional(),
      dateRangeEnd: instant().optional(),
      minSeverity: z.number().min(0).max(10).optional(),
      maxMatches: int(1, 100_000).optional(),
      agentId: agentId().optional(),
      trainFor: z.enum(["red", "blue", "target"]).optional(),
      kind: z.enum(["sft", "dpo", "kto"]).optional(),
      format: z.enum(["jsonl", "json", "parquet"]).optional(),
      includeSystemPrompt: z.boolean().optional(),
    })
    .refine(
      ({ dateRangeStart, dateRangeEnd }) =>
        dateRangeStart === undefined ||
        dateRangeEnd === undefined ||
        new Date(dateRangeStart) <= new Date(dateRangeEnd),
      { path: ["dateRangeEnd"], error: "must not be before dateRangeStart" },
    ),
);

const output = lazy(() =>
  z
    .object({
      dataset_file: z.string().min(1),
      row_count: z.number().int().min(0),
      match_count: z.number().int().min(0),
      match_ids: z.array(z.string()),
      validation: datasetValidation(),
    })
    .transform(
      (wire): DatasetResult => ({
        datasetFile: wire.dataset_file,
        rowCount: wire.row_count,
        matchCount: wire.match_count,
        matchIds: wire.match_ids,
        validation: wire.validation,
      }),
    ),
);

/** `dataset-generation`: makes a training dataset out of finished matches. */
export const datasetGeneration = defineFlow({
  id: "dataset-generation",
  description: "Makes a training dataset out of finished matches.",
  input,
  toInputs: (dataset) => ({
    match_ids: dataset.matchIds,
    date_range_start: dataset.dateRangeStart && toIsoText(dataset.dateRangeStart),
    date_range_end: dataset.dateRangeEnd && toIsoText(dataset.dateRangeEnd),
    min_severity: dataset.minSeverity,
    max_matches: dataset.maxMatches,
    agent_id: dataset.agentId,
    train_for: dataset.trainFor,
    dataset_kind: dataset.kind,
    export_format: dataset.format,
    include_system_prompt: dataset.includeSystemPrompt,
  }),
  output,
});
