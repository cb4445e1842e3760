import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builtInControls } from "../../../src/datasets/index.ts";
import {
  type ArenaFlowId,
  agentFineTuning,
  type FineTuneInput,
  InputError,
  loadFlow,
} from "../../../src/index.ts";

const agentId = "4b5c49b9-ff74-4357-ad7b-183e593747fb";
const blueAgentId = "6d19b650-791c-4fd2-95d9-2d74318f4a03";
const targetAgentId = "26a13845-c935-4dbe-ab28-e3d1d70b6b17";

const wireMetrics = {
  total_rounds: 5,
  attacks: 5,
  defenses: 5,
  target_responses: 5,
  critical_vulnerabilities: 0,
  high_vulnerabilities: 2,
  medium_vulnerabilities: 0,
  low_vulnerabilities: 0,
  attack_types: { jailbreak: 5 },
  attack_outcomes: { success: 2, blocked: 3, mitigated: 0, detected: 0, failed: 0, processed: 0 },
  attack_type_results: { jailbreak: { attempts: 5, successes: 2 } },
};

describe("agentFineTuning.build", () => {
  it("sends the agent alone, so that the flow's own defaults hold", () => {
    expect(agentFineTuning.build({ agentId })).toEqual({ agent_id: agentId });
  });

  it("gives the flow's own names, and the training's settings as they are", () => {
    const input: FineTuneInput = {
      agentId,
      agentType: "red",
      trainingMatchesCount: 20,
      matchIds: ["AR-2025-0001"],
      minSeverity: 2.5,
      datasetKind: "dpo",
      minDatasetRows: 5,
      // Kestra's FLOAT would keep 0.00003 in 32 bits; JSON does not.
      fineTuningConfig: {
        epochs: 2,
        learningRate: 0.00003,
        batchSize: 4,
        extra: { lora_rank: 16, epochs: 99 },
      },
      maxWaitSeconds: 60,
      validationMatches: 0,
      opponents: [{ blueAgentId, targetAgentId }],
      mode: "quick",
    };
    expect(agentFineTuning.build(input)).toEqual({
      agent_id: agentId,
      agent_type: "red",
      training_matches_count: 20,
      match_ids: ["AR-2025-0001"],
      min_severity: 2.5,
      dataset_kind: "dpo",
      min_dataset_rows: 5,
      fine_tuning_config: { epochs: 2, learning_rate: 0.00003, batch_size: 4, lora_rank: 16 },
      max_wait_seconds: 60,
      validation_matches: 0,
      opponents: [{ blue_agent_id: blueAgentId, target_agent_id: targetAgentId }],
      match_mode: "quick",
    });
  });

  it("gives the over-refusal control and what is trained on against it as they are", () => {
    const controls = builtInControls("blue").slice(0, 2);
    expect(
      agentFineTuning.build({ agentId, controlAgentId: blueAgentId, benignControls: controls }),
    ).toEqual({ agent_id: agentId, control_agent_id: blueAgentId, benign_controls: controls });
  });

  it.each<[string, Partial<FineTuneInput>]>([
    ["agentId", { agentId: "ember" }],
    ["trainingMatchesCount", { trainingMatchesCount: 1_001 }],
    ["trainingMatchesCount", { trainingMatchesCount: 0 }],
    ["fineTuningConfig", { fineTuningConfig: { epochs: 0 } }],
    ["fineTuningConfig", { fineTuningConfig: { learningRate: 0 } }],
    ["fineTuningConfig", { fineTuningConfig: { learningRate: -1 } }],
    ["fineTuningConfig", { fineTuningConfig: { batchSize: 1.5 } }],
    ["validationMatches", { validationMatches: -1 }],
    ["maxWaitSeconds", { maxWaitSeconds: 604_801 }],
    ["opponents", { opponents: [] }],
    ["opponents", { opponents: [{ blueAgentId }] }],
    ["opponents", { agentType: "blue", opponents: [{ blueAgentId, targetAgentId }] }],
    ["controlAgentId", { controlAgentId: "ember" }],
    ["controlAgentId", { agentType: "red", controlAgentId: blueAgentId }],
    ["benignControls", { benignControls: [] }],
    ["benignControls", { benignControls: [{ prompt: " ", answer: "Yes." }] }],
    ["benignControls", { benignControls: [{ prompt: "Hi?", answer: "No.", refusal: "No." }] }],
    ["benignControls", { agentType: "red", benignControls: [{ prompt: "Hi?", answer: "Hi." }] }],
  ])("refuses a bad %s and names it", (path, input) => {
    const error = caught(() => agentFineTuning.build({ agentId, ...input }));
    expect(error.issues[0]?.path[0]).toBe(path);
  });
});

describe("the YAML of agent-fine-tuning", () => {
  it("takes for a refusal what dataset-generation takes for one", async () => {
    const pattern = async (id: ArenaFlowId) =>
      (parse(await loadFlow(id)) as { variables: Record<string, unknown> }).variables
        .refusal_pattern;

    expect(await pattern("agent-fine-tuning")).toBe(await pattern("dataset-generation"));
  });
});

describe("agentFineTuning.parse", () => {
  const side = { agent_id: agentId, matches: 1, completed: 1, attacks: 5, successes: 2 };
  const match = {
    red_agent_id: agentId,
    blue_agent_id: blueAgentId,
    target_agent_id: targetAgentId,
  };
  const outputs = {
    job_id: "job-1",
    model_id: "phi-4-tuned",
    dataset_file: "kestra:///rows.jsonl",
    dataset_row_count: 12,
    dataset_control_rows: 4,
    dataset_sha256: "ab12",
    dataset_match_ids: ["AR-2025-0001"],
    dataset_validation: {
      train_for: "blue",
      kind: "kto",
      format: "jsonl",
      rows: 8,
      matches_read: 1,
      attacks: 20,
      attacks_used: 8,
      agents: [{ id: agentId, name: "Ember", type: "red", version: "1.0.0", model: "phi-4" }],
    },
    candidate_agent_id: blueAgentId,
    validation_match_id: "AR-2025-0003",
    validation_match_ids: ["AR-2025-0002", "AR-2025-0003"],
    comparison: {
      original: { ...side, attack_success_rate: 40, average_success_severity: 7.5 },
      // Kestra drops what is null.
      candidate: { ...side, agent_id: blueAgentId, completed: 0, attacks: 0, successes: 0 },
      pairings: [{ target_agent_id: targetAgentId, original_attack_success_rate: 40 }],
      over_refusal: {
        control_agent_id: agentId,
        original: { ...control(agentId), requests: 5, refused: 1, refusal_rate: 20 },
        candidate: control(blueAgentId),
      },
      matches: [
        {
          ...match,
          side: "original",
          pair: 0,
          repetition: 1,
          is_control: false,
          state: "SUCCESS",
          match_id: "AR-2025-0002",
          match_status: "complete",
          winner: "red",
          metrics: wireMetrics,
        },
        {
          ...match,
          side: "original",
          pair: 0,
          repetition: 1,
          is_control: true,
          state: "SUCCESS",
          match_id: "AR-2025-0003",
          requests: 5,
          refused: 1,
        },
        {
          ...match,
          side: "candidate",
          pair: 0,
          repetition: 1,
          state: "FAILED",
          reason: "It was cancelled.",
        },
      ],
    },
  };

  it("gives both agents beside each other, and null for what there is not", () => {
    const parsed = agentFineTuning.parse(outputs);
    expect(parsed).toMatchObject({
      result: {
        jobId: "job-1",
        modelId: "phi-4-tuned",
        datasetRowCount: 12,
        datasetControlRows: 4,
        datasetSha256: "ab12",
        datasetValidation: { agents: [{ id: agentId, type: "red", version: "1.0.0" }] },
        candidateAgentId: blueAgentId,
        validationMatchId: "AR-2025-0003",
        comparison: {
          original: { attackSuccessRate: 40, averageSuccessSeverity: 7.5 },
          candidate: { attackSuccessRate: null, averageSuccessSeverity: null },
          difference: null,
          better: null,
          pairings: [
            { targetAgentId, originalAttackSuccessRate: 40, candidateAttackSuccessRate: null },
          ],
          overRefusal: {
            controlAgentId: agentId,
            original: { agentId, requests: 5, refused: 1, refusalRate: 20 },
            candidate: { agentId: blueAgentId, requests: 0, refusalRate: null },
            difference: null,
          },
          matches: [
            {
              side: "original",
              isControl: false,
              matchId: "AR-2025-0002",
              winner: "red",
              metrics: { attacks: 5, attackOutcomes: { success: 2 } },
            },
            { side: "original", isControl: true, requests: 5, refused: 1 },
            { side: "candidate", isControl: false, reason: "It was cancelled." },
          ],
        },
      },
    });
  });

  it("has no over-refusal control when none was asked for", () => {
    const { over_refusal: _, ...comparison } = outputs.comparison;
    expect(agentFineTuning.parse({ ...outputs, comparison })).toMatchObject({
      result: { comparison: { overRefusal: null } },
    });
  });

  it("names in each pairing the two that the tuned agent is not, whichever they are", () => {
    const pairings = [{ red_agent_id: agentId, blue_agent_id: blueAgentId }];
    const comparison = { ...outputs.comparison, pairings };
    expect(agentFineTuning.parse({ ...outputs, comparison })).toMatchObject({
      result: { comparison: { pairings: [{ redAgentId: agentId, blueAgentId }] } },
    });
  });

  it("counts no control rows where the deployed flow does not tell them apart", () => {
    const { dataset_control_rows: _, ...rest } = outputs;
    expect(agentFineTuning.parse(rest)).toMatchObject({ result: { datasetControlRows: 0 } });
  });

  it("needs no validation match", () => {
    const { validation_match_id: _, ...rest } = outputs;
    expect(agentFineTuning.parse({ ...rest, validation_match_ids: [] })).toMatchObject({
      result: { validationMatchId: null, validationMatchIds: [] },
    });
  });

  it("says what does not fit", () => {
    expect(agentFineTuning.parse({ ...outputs, model_id: "" })).toMatchObject({
      issues: [{ path: ["model_id"] }],
    });
  });
});

function control(id: string) {
  return { agent_id: id, matches: 1, completed: 0, requests: 0, refused: 0 };
}

function caught(call: () => unknown): InputError {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error("No InputError was thrown.");
}
