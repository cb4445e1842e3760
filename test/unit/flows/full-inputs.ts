import type { ArenaFlowId, arenaFlows } from "../../../src/flows/index.ts";

const agent = "3f2b8a54-7c1d-4e0a-9b6f-2d8c5a1e7f30";
const agents = { redAgentId: agent, blueAgentId: agent, targetAgentId: agent };
const row = { ...agents, repetition: 1, state: "FAILED", reason: "It was killed." };

/** An input of each flow with every property that there is. */
export const fullInputs: {
  [Id in ArenaFlowId]: Parameters<(typeof arenaFlows)[Id]["build"]>[0];
} = {
  "match-orchestration": {
    ...agents,
    mode: "quick",
    maxRounds: 3,
    maxWaitSeconds: 60,
    purpose: "evaluation",
  },
  "batch-evaluation": {
    agentCombinations: [agents],
    matchesPerCombination: 2,
    mode: "quick",
    concurrency: 4,
    maxRounds: 3,
    maxWaitSeconds: 60,
    existingRows: [row],
  },
  "scheduled-matches": {
    scheduleCron: "0 3 * * *",
    agentCombinations: [agents],
    pairingsPerRun: 2,
    matchesPerCombination: 2,
    mode: "quick",
    concurrency: 4,
    maxRounds: 3,
    maxWaitSeconds: 60,
  },
  "continuous-monitoring": {
    targetAgentId: agent,
    monitoringIntervalMinutes: 30,
    alertThresholdSeverity: 7.5,
    redAgentId: agent,
    blueAgentId: agent,
    mode: "quick",
    maxWaitSeconds: 60,
  },
  "dataset-generation": {
    matchIds: ["AR-2026-0001"],
    dateRangeStart: "2026-11-01T00:00:00Z",
    dateRangeEnd: "2026-11-02T00:00:00Z",
    minSeverity: 5,
    maxMatches: 10,
    agentId: agent,
    trainFor: "blue",
    kind: "kto",
    format: "json",
    includeSystemPrompt: false,
  },
  "agent-fine-tuning": {
    agentId: agent,
    agentType: "blue",
    trainingMatchesCount: 10,
    matchIds: ["AR-2026-0001"],
    minSeverity: 5,
    datasetKind: "sft",
    minDatasetRows: 1,
    fineTuningConfig: { epochs: 1, learningRate: 0.001, batchSize: 2 },
    maxWaitSeconds: 60,
    validationMatches: 1,
    opponents: [{ redAgentId: agent, targetAgentId: agent }],
    controlAgentId: agent,
    benignControls: [{ prompt: "What is a root?", answer: "Allowed.", refusal: "Blocked." }],
    mode: "quick",
  },
};
