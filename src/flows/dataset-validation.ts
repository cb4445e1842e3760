import * as z from "zod";
import { lazy } from "../lazy.ts";
import { count } from "./fields.ts";

/** Which agent a dataset teaches. */
export type TrainedAgent = "red" | "blue" | "target";

/** How its rows teach: examples to follow, a better over a worse answer, or answers with a label. */
export type TrainingKind = "sft" | "dpo" | "kto";

/** What a dataset that the flow made holds, what was left out, and why. Every attack is counted once. */
export interface DatasetValidation {
  /** Which agent the rows teach. */
  trainFor: TrainedAgent;
  /** What kind of rows they are. */
  kind: TrainingKind;
  /** How the file is written: a row a line, or one array. */
  format: "jsonl" | "json";
  /** Rows in the file, each of them checked. */
  rows: number;
  /** Matches that the arena gave, taken or not. */
  matchesRead: number;
  /** Attacks in the matches that were taken: `attacksUsed` and all of `leftOutRows`. */
  attacks: number;
  /** Attacks behind the rows: one each, two for `dpo`. */
  attacksUsed: number;
  /**
   * Matches that were not taken, by reason: `unfinished`, `evaluation_only`, `other_agent`, `no_date`, `out_of_range`,
   * `below_severity`, `beyond_max_matches`, `unknown`, `unreadable`.
   */
  leftOutMatches: Record<string, number>;
  /**
   * Attacks that gave no row, by reason: `undecided`, `partial`, `failed_by_itself`, `wrong_outcome`, `no_answer`,
   * `empty`, `error`, `refusal_marked_success`, `repeats_prompt`, `too_long`, `events_missing`, `unpaired`,
   * `equal_pair`, `duplicate`, `contradictory`, `not_well_formed`.
   */
  leftOutRows: Record<string, number>;
  /** Rows by the outcome of their attack; for `dpo` that of the worse answer. */
  outcomes: Record<string, number>;
  /** Rows by the type of their attack. */
  attackTypes: Record<string, number>;
  /** Rows by their label, for `kto`; else `null`. */
  labels: { good: number; bad: number } | null;
  /** Pairs by what their answers have in common (`same_prompt`, `same_attack_type`), for `dpo`; else empty. */
  pairings: Record<string, number>;
  /**
   * Places where a secret or personal data was replaced by a placeholder (`[EMAIL_1]`), by type, before duplicates were
   * dropped. The flow's patterns are a short list; `buildDataset` of `kestra-arena/datasets` finds more.
   */
  replaced: Record<string, number>;
  /** Of the matches that were asked for: those that the arena does not have. */
  unknownMatchIds: string[];
  /** Matches that have more events than were read. */
  cutMatchIds: string[];
  /** The agents that played in the matches that were taken, as they were when the dataset was made. */
  agents: DatasetPlayer[];
  /** What else a reader should know, in words. */
  notes: string[];
}

/** An agent that played in a dataset's matches. */
export interface DatasetPlayer {
  /** The agent's UUID. */
  id: string;
  /** Its name in the arena. */
  name?: string;
  /** Its type. */
  type?: TrainedAgent;
  /** Its version in the arena. */
  version?: string;
  /** The model that it runs on. */
  model?: string;
}

const counts = () =>
  z
    .record(z.string(), count())
    .nullish()
    .transform((value) => value ?? {});
const texts = () =>
  z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []);

const player = lazy(() =>
  z
    .object({
      id: z.string(),
      name: z.string().nullish(),
      type: z.enum(["red", "blue", "target"]).nullish(),
      version: z.union([z.string(), z.number()]).nullish(),
      model: z.string().nullish(),
    })
    .transform(
      ({ id, name, type, version, model }): DatasetPlayer => ({
        id,
        ...(name != null && { name }),
        ...(type != null && { type }),
        ...(version != null && { version: String(version) }),
        ...(model != null && { model }),
      }),
    ),
);

/** The flow's `validation`, in its snake_case, to {@link DatasetValidation}. */
export const datasetValidation = lazy(() =>
  z
    .object({
      train_for: z.enum(["red", "blue", "target"]),
      kind: z.enum(["sft", "dpo", "kto"]),
      format: z.enum(["jsonl", "json"]),
      rows: count(),
      matches_read: count(),
      attacks: count(),
      attacks_used: count(),
      left_out_matches: counts(),
      left_out_rows: counts(),
      outcomes: counts(),
      attack_types: counts(),
      labels: counts(),
      pairings: counts(),
      replaced: counts(),
      unknown_match_ids: texts(),
      cut_match_ids: texts(),
      agents: z
        .array(player())
        .nullish()
        .transform((value) => value ?? []),
      notes: texts(),
    })
    .transform(
      (wire): DatasetValidation => ({
        trainFor: wire.train_for,
        kind: wire.kind,
        format: wire.format,
        rows: wire.rows,
        matchesRead: wire.matches_read,
        attacks: wire.attacks,
        attacksUsed: wire.attacks_used,
        leftOutMatches: wire.left_out_matches,
        leftOutRows: wire.left_out_rows,
        outcomes: wire.outcomes,
        attackTypes: wire.attack_types,
        labels:
          wire.kind === "kto" ? { good: wire.labels.good ?? 0, bad: wire.labels.bad ?? 0 } : null,
        pairings: wire.pairings,
        replaced: wire.replaced,
        unknownMatchIds: wire.unknown_match_ids,
        cutMatchIds: wire.cut_match_ids,
        agents: wire.agents,
        notes: wire.notes,
      }),
    ),
);
