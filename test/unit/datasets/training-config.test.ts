import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { oumiTrainingConfig, type TrainingConfigOptions } from "../../../src/datasets/index.ts";

const config = (options: Partial<TrainingConfigOptions> = {}) =>
  parse(oumiTrainingConfig({ kind: "sft", modelName: "m", trainFile: "t.jsonl", ...options }));

describe("oumiTrainingConfig", () => {
  it.each([
    ["sft", "TRL_SFT", "text_sft_jsonl"],
    ["dpo", "TRL_DPO", "mlabonne/orpo-dpo-mix-40k"],
    ["kto", "TRL_KTO", "trl-lib/kto-mix-14k"],
  ] as const)("has the trainer and the reader for %s", (kind, trainer, dataset) => {
    expect(config({ kind })).toMatchObject({
      training: { trainer_type: trainer },
      data: { train: { datasets: [{ dataset_name: dataset, dataset_path: "t.jsonl" }] } },
    });
  });

  it("tells each trainer how long a row may be, in the way that it hears", () => {
    expect(config().model.model_max_length).toBe(2048);
    expect(config({ kind: "kto", maxTokens: 512 })).toMatchObject({
      model: expect.not.objectContaining({ model_max_length: expect.anything() }),
      training: { trainer_kwargs: { max_length: 512 } },
    });
  });

  it("evaluates on the validation rows when there are some", () => {
    expect(config().training).not.toHaveProperty("eval_strategy");
    expect(config({ validationFile: "v.jsonl" })).toMatchObject({
      data: { validation: { datasets: [{ dataset_path: "v.jsonl" }] } },
      training: { eval_strategy: "epoch" },
    });
  });

  it("trains adapters, or the whole model", () => {
    expect(config({ lora: { rank: 8 } })).toMatchObject({
      training: { use_peft: true },
      peft: { lora_r: 8, lora_alpha: 32 },
    });
    const whole = config({ lora: false });
    expect(whole.training.use_peft).toBe(false);
    expect(whole).not.toHaveProperty("peft");
  });

  it("keeps a name that looks like YAML a name", () => {
    const odd = "m: [x]\n# y";

    expect(config({ modelName: odd, trainFile: "- a: 'b'" })).toMatchObject({
      model: { model_name: odd },
      data: { train: { datasets: [{ dataset_path: "- a: 'b'" }] } },
    });
  });

  it.each([
    [{ learningRate: -1 }, /learningRate: must be over 0/],
    [{ learningRate: Number.NaN }, /learningRate/],
    [{ epochs: 1.5 }, /epochs/],
    [{ maxTokens: 0 }, /maxTokens/],
    [{ batchSize: 0 }, /batchSize/],
    [{ kind: "kto", batchSize: 1 }, /batchSize: must be at least 2 for KTO/],
    [{ seed: -1 }, /seed/],
    [{ modelName: "" }, /modelName: must be a text/],
    [{ lora: { rank: 0 } }, /lora: /],
    [{ lora: { targetModules: [] } }, /lora: /],
  ] as [Partial<TrainingConfigOptions>, RegExp][])(
    "refuses %j, which Oumi might take",
    (options, message) => {
      expect(() => config(options)).toThrow(message);
    },
  );
});
