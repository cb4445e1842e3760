import { Document } from "yaml";
import { InputError, type InputIssue } from "../../errors.ts";
import type { DatasetKind } from "../types.ts";

/** How an agent's model is trained by Oumi. */
export interface TrainingConfigOptions {
  kind: DatasetKind;
  /** The model to begin with: a name on the hub, or a folder. */
  modelName: string;
  /** The training rows: JSON lines as this package writes them, by a path that Oumi sees. */
  trainFile: string;
  /** The validation rows, which are then evaluated after each epoch. @default none */
  validationFile?: string | undefined;
  /** @default the model's own */
  tokenizerName?: string | undefined;
  /** Tokens a row; longer ones are cut. @default 2048 */
  maxTokens?: number | undefined;
  /** @default "bfloat16" */
  dtype?: string | undefined;
  /** Where the trained model goes. @default "output" */
  outputFolder?: string | undefined;
  /** @default 3 */
  epochs?: number | undefined;
  /** @default 1e-4 for `sft`, 5e-6 for `dpo` and `kto` */
  learningRate?: number | undefined;
  /** Rows a step and device. KTO needs at least 2. @default 8 */
  batchSize?: number | undefined;
  /** @default 42 */
  seed?: number | undefined;
  /** Trains adapters in place of the whole model; `false` trains it all. @default rank 16, alpha 32, on q_proj and v_proj */
  lora?: { rank?: number; alpha?: number; targetModules?: readonly string[] } | false | undefined;
}

const trainers: Readonly<Record<DatasetKind, string>> = {
  sft: "TRL_SFT",
  dpo: "TRL_DPO",
  kto: "TRL_KTO",
};
/** Oumi reads a file by the class that is registered under a name; the path takes the place of that dataset's data. */
const datasetNames: Readonly<Record<DatasetKind, string>> = {
  sft: "text_sft_jsonl",
  dpo: "mlabonne/orpo-dpo-mix-40k",
  kto: "trl-lib/kto-mix-14k",
};

/** The config's file beside a dataset. */
export function trainingConfigName(name: string): string {
  return `${name}.oumi.yaml`;
}

/**
 * A training config as YAML, for `oumi train -c <file>`. Oumi takes a negative learning rate without a word: here the
 * numbers are checked.
 *
 * @throws InputError for an option that makes no sense.
 */
export function oumiTrainingConfig(options: TrainingConfigOptions): string {
  assertSensible(options);
  const { kind, validationFile, lora = {}, maxTokens = 2048 } = options;
  const dataset = (path: string) => ({
    datasets: [{ dataset_name: datasetNames[kind], dataset_path: path }],
  });
  const config = {
    model: {
      model_name: options.modelName,
      ...(options.tokenizerName !== undefined && { tokenizer_name: options.tokenizerName }),
      // Oumi hands this on to all trainers but KTO's, which would cut rows at its own 1,024 tokens.
      ...(kind !== "kto" && { model_max_length: maxTokens }),
      torch_dtype_str: options.dtype ?? "bfloat16",
    },
    data: {
      train: dataset(options.trainFile),
      ...(validationFile !== undefined && { validation: dataset(validationFile) }),
    },
    training: {
      trainer_type: trainers[kind],
      use_peft: lora !== false,
      output_dir: options.outputFolder ?? "output",
      num_train_epochs: options.epochs ?? 3,
      learning_rate: options.learningRate ?? (kind === "sft" ? 1e-4 : 5e-6),
      per_device_train_batch_size: options.batchSize ?? 8,
      per_device_eval_batch_size: options.batchSize ?? 8,
      ...(validationFile !== undefined && { eval_strategy: "epoch" }),
      seed: options.seed ?? 42,
      ...(kind === "kto" && { trainer_kwargs: { max_length: maxTokens } }),
    },
    ...(lora !== false && {
      peft: {
        lora_r: lora.rank ?? 16,
        lora_alpha: lora.alpha ?? 32,
        lora_target_modules: [...(lora.targetModules ?? ["q_proj", "v_proj"])],
      },
    }),
  };
  return new Document(config).toString();
}

function assertSensible(options: TrainingConfigOptions): void {
  const issues: InputIssue[] = [];
  const check = (name: keyof TrainingConfigOptions, isFine: boolean, message: string) => {
    if (options[name] !== undefined && !isFine) issues.push({ path: [name], message });
  };
  const { learningRate = 1, epochs = 1, maxTokens = 1, batchSize = 2, seed = 0 } = options;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  check("learningRate", learningRate > 0 && learningRate < 1, "must be over 0 and under 1");
  check("epochs", isCount(epochs), "must be a whole number from 1 on");
  check("maxTokens", isCount(maxTokens), "must be a whole number from 1 on");
  check("batchSize", isCount(batchSize), "must be a whole number from 1 on");
  check("batchSize", options.kind !== "kto" || batchSize >= 2, "must be at least 2 for KTO");
  check("seed", Number.isSafeInteger(seed) && seed >= 0, "must be a whole number from 0 on");
  const { rank = 1, alpha = 1, targetModules = ["q_proj"] } = options.lora || {};
  const isLoraFine = isCount(rank) && alpha > 0 && targetModules.length > 0;
  check("lora", isLoraFine, "must have a rank and an alpha over 0, and a module to train");
  for (const name of ["modelName", "trainFile"] as const) {
    const isText = typeof options[name] === "string" && options[name] !== "";
    if (!isText) issues.push({ path: [name], message: "must be a text" });
  }
  if (issues.length > 0) throw new InputError("Options of an Oumi training config", issues);
}
