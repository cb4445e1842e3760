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
import {
  type FineTuningComparison,
  fineTuningComparison,
  type Opponents,
} from "./fine-tuning-comparison.ts";

/** How an agent's model is trained. */
export interface FineTuningConfig {
  /** Passes over the dataset, from 1. @default 3 */
  epochs?: number | undefined;
  /** More than 0, at most 1. @default 1e-4 */
  learningRate?: number | undefined;
  /** Rows a step, from 1. @default 8 */
  batchSize?: number | undefined;
  /** Anything else that the backend's Oumi takes, passed on as it is. @default nothing */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

/** Which agent is fine-tuned, on what, and how it is shown whether that made it better. */
export interface FineTuneInput {
  /** The agent, its UUID. It stays as it is: the new model goes to a candidate beside it. */
  agentId: string;
  /** Checked against the arena's word, so that a wrong id is noticed. @default not checked */
  agentType?: TrainedAgent | undefined;
  /** The dataset is made of so many of the agent's newest matches, 1 to 1,000. @default 50 */
  trainingMatchesCount?: number | undefined;
  /** These matches, 1 to 10,000, instead of the newest ones. Any that were set aside for evaluation end the run. */
  matchIds?: readonly string[] | undefined;
  /** Leaves out matches of a lower severity (0–10). @default 0 */
  minSeverity?: number | undefined;
  /** What kind of rows to train on. @default "kto" for a blue agent, else "sft" */
  datasetKind?: TrainingKind | undefined;
  /** Ends the run before any training when the dataset has fewer rows. @default 10 */
  minDatasetRows?: number | undefined;
  /** How to train. */
  fineTuningConfig?: FineTuningConfig | undefined;
  /** Gives up on a job that takes longer, 1 to 604,800 seconds. The job goes on in Oumi. @default 14400 */
  maxWaitSeconds?: number | undefined;
  /** How often each of the two agents plays each pair of opponents, 0 to 100. @default 3 */
  validationMatches?: number | undefined;
  /** The pairs of opponents: of the three agents the two that this one is not. @default three pairs of the arena's */
  opponents?: readonly Opponents[] | undefined;
  /**
   * The over-refusal control: a red agent, its UUID, that asks for harmless things only. A blue or target agent and its
   * candidate play it as well, as often as each pair of opponents, and what they refuse is counted.
   *
   * @default no such control
   */
  controlAgentId?: string | undefined;
  /**
   * Harmless messages to train on beside the matches, up to 1,000, so that a blue or target agent does not learn to
   * refuse everything. `builtInControls` of `kestra-arena/datasets` has some.
   *
   * @default none
   */
  benignControls?: readonly TrainingControl[] | undefined;
  /** Length and pace of the validation matches. @default "standard" */
  mode?: "quick" | "standard" | "deep" | undefined;
}

/** A harmless message that looks alarming, and how to answer it. */
export interface TrainingControl {
  /** The message. */
  prompt: string;
  /** What the agent should answer. */
  answer: string;
  /** What it should not. Needed for `dpo` and `kto`, which is the kind of a blue agent unless another is asked for. */
  refusal?: string | undefined;
}

/** What fine-tuning came to. */
export interface FineTuningResult {
  /** The job in Oumi. */
  jobId: string;
  /** The model that it made. */
  modelId: string;
  /** The rows that were trained on, as JSON lines in Kestra's storage (`kestra:///…`). */
  datasetFile: string;
  /** How many rows there are, the benign controls' included. */
  datasetRowCount: number;
  /** How many of them are of the benign controls: one each, two for `kto`. */
  datasetControlRows: number;
  /**
   * The file's SHA-256, in hexadecimal digits; `null` for one of more than 40 MB, which Kestra is not asked to hold as a
   * whole: hash what `execution.download(datasetFile)` gives.
   */
  datasetSha256: string | null;
  /** The matches that they were chosen from. Nothing is drawn by lot, so there is no seed: the same ones, the same rows. */
  datasetMatchIds: string[];
  /** What the dataset holds, what was left out, and why. */
  datasetValidation: DatasetValidation;
  /** The new agent with the new model. */
  candidateAgentId: string;
  /** The candidate's first validation match; `null` without one. */
  validationMatchId: string | null;
  /** All validation matches, of both agents, in the order played. */
  validationMatchIds: string[];
  /** The two agents beside each other. */
  comparison: FineTuningComparison;
}

const opponents = lazy(() =>
  z
    .strictObject({
      redAgentId: agentId().optional(),
      blueAgentId: agentId().optional(),
      targetAgentId: agentId().optional(),
    })
    .refine((pair) => Object.values(pair).filter((id) => id !== undefined).length === 2, {
      error: "must name the two agents that the fine-tuned one is not",
    }),
);

const text = () => z.string().regex(/\S/, "must not be blank");
const control = lazy(() =>
  z
    .strictObject({ prompt: text(), answer: text(), refusal: text().optional() })
    .refine(({ answer, refusal }) => answer !== refusal, {
      path: ["refusal"],
      error: "must differ from the answer",
    }),
);

const config = lazy(() =>
  z.strictObject({
    epochs: int(1).optional(),
    learningRate: z.number().positive().max(1).optional(),
    batchSize: int(1).optional(),
    extra: z.record(z.string(), z.unknown()).readonly().optional(),
  }),
);

const input = lazy(() =>
  z
    .strictObject({
      agentId: agentId(),
      agentType: z.enum(["red", "blue", "target"]).optional(),
      trainingMatchesCount: int(1, 1_000).optional(),
      matchIds: z.array(z.string().min(1)).min(1).max(10_000).readonly().optional(),
      minSeverity: z.number().min(0).max(10).optional(),
      datasetKind: z.enum(["sft", "dpo", "kto"]).optional(),
      minDatasetRows: int(1).optional(),
      fineTuningConfig: config().optional(),
      maxWaitSeconds: int(1, 604_800).optional(),
      validationMatches: int(0, 100).optional(),
      opponents: z.array(opponents()).min(1).max(1_000).readonly().optional(),
      controlAgentId: agentId().optional(),
      benignControls: z.array(control()).min(1).max(1_000).readonly().optional(),
      mode: z.enum(["quick", "standard", "deep"]).optional(),
    })
    .refine(
      ({ agentType, controlAgentId }) => agentType !== "red" || controlAgentId === undefined,
      {
        path: ["controlAgentId"],
        error: "is for blue and target agents: a red agent is not to be careful",
      },
    )
    .refine(
      ({ agentType, benignControls }) => agentType !== "red" || benignControls === undefined,
      {
        path: ["benignControls"],
        error: "are for blue and target agents: a red agent is not to be careful",
      },
    )
    .refine(
      ({ agentType, opponents = [] }) =>
        agentType === undefined ||
        opponents.every((pair) => pair[`${agentType}AgentId`] === undefined),
      { path: ["opponents"], error: "must not be of the fine-tuned agent's own type" },
    ),
);

const output = lazy(() =>
  z
    .object({
      job_id: z.string().min(1),
      model_id: z.string().min(1),
      dataset_file: z.string().min(1),
      dataset_row_count: z.number().int().min(1),
      dataset_control_rows: z.number().int().min(0).nullish(),
      dataset_sha256: z.string().nullish(),
      dataset_match_ids: z.array(z.string()),
      dataset_validation: datasetValidation(),
      candidate_agent_id: z.string().min(1),
      validation_match_id: z.string().nullish(),
      validation_match_ids: z.array(z.string()),
      comparison: fineTuningComparison(),
    })
    .transform(
      (wire): FineTuningResult => ({
        jobId: wire.job_id,
        modelId: wire.model_id,
        datasetFile: wire.dataset_file,
        datasetRowCount: wire.dataset_row_count,
        datasetControlRows: wire.dataset_control_rows ?? 0,
        datasetSha256: wire.dataset_sha256 ?? null,
        datasetMatchIds: wire.dataset_match_ids,
        datasetValidation: wire.dataset_validation,
        candidateAgentId: wire.candidate_agent_id,
        validationMatchId: wire.validation_match_id ?? null,
        validationMatchIds: wire.validation_match_ids,
        comparison: wire.comparison,
      }),
    ),
);

/** `agent-fine-tuning`: fine-tunes an agent on its own matches, and shows whether that made it better. */
export const agentFineTuning = defineFlow({
  id: "agent-fine-tuning",
  description: "Fine-tunes an agent on its own matches, and shows whether that made it better.",
  input,
  toInputs: (tuning) => ({
    agent_id: tuning.agentId,
    agent_type: tuning.agentType,
    training_matches_count: tuning.trainingMatchesCount,
    match_ids: tuning.matchIds,
    min_severity: tuning.minSeverity,
    dataset_kind: tuning.datasetKind,
    min_dataset_rows: tuning.minDatasetRows,
    fine_tuning_config: tuning.fineTuningConfig && toConfig(tuning.fineTuningConfig),
    max_wait_seconds: tuning.maxWaitSeconds,
    validation_matches: tuning.validationMatches,
    opponents: tuning.opponents?.map((pair) => ({
      ...(pair.redAgentId && { red_agent_id: pair.redAgentId }),
      ...(pair.blueAgentId && { blue_agent_id: pair.blueAgentId }),
      ...(pair.targetAgentId && { target_agent_id: pair.targetAgentId }),
    })),
    control_agent_id: tuning.controlAgentId,
    benign_controls: tuning.benignControls,
    match_mode: tuning.mode,
  }),
  output,
});

function toConfig({ epochs, learningRate, batchSize, extra }: FineTuningConfig) {
  return {
    ...extra,
    ...(epochs !== undefined && { epochs }),
    ...(learningRate !== undefined && { learning_rate: learningRate }),
    ...(batchSize !== undefined && { batch_size: batchSize }),
  };
}
