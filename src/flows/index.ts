/** The registry: every flow that the package ships, one documented line each. Tests and deployment loop over it. */
import { agentFineTuning } from "./agent-fine-tuning.ts";
import { batchEvaluation } from "./batch-evaluation.ts";
import { continuousMonitoring } from "./continuous-monitoring.ts";
import { datasetGeneration } from "./dataset-generation.ts";
import type { FlowDefinition } from "./define-flow.ts";
import { matchOrchestration } from "./match-orchestration.ts";
import { scheduledMatches } from "./scheduled-matches.ts";

/** The package's flows by id, callees before their callers. */
export const arenaFlows = {
  /** One match, to its end or to a bound. */
  "match-orchestration": matchOrchestration,
  /** Combinations × matches, a row each. */
  "batch-evaluation": batchEvaluation,
  /** One run of a schedule: given combinations, or the arena's own in turn. */
  "scheduled-matches": scheduledMatches,
  /** One check of one target, an alert an incident. */
  "continuous-monitoring": continuousMonitoring,
  /** Finished matches to a training dataset. */
  "dataset-generation": datasetGeneration,
  /** An agent, tuned on its own matches, beside the original. */
  "agent-fine-tuning": agentFineTuning,
};

/** The id of a flow that the package ships. */
export type ArenaFlowId = keyof typeof arenaFlows;

/** The ids of the flows that the package ships, callees before their callers. */
export const arenaFlowIds = Object.keys(arenaFlows) as ArenaFlowId[];

/**
 * Every YAML of the package, callees before their callers. `batch-lane` is a part of `batch-evaluation` that Kestra
 * wants as a flow of its own: deployed with the others, started by nobody else.
 */
export const templateIds = [
  "match-orchestration",
  "batch-lane",
  "batch-evaluation",
  "scheduled-matches",
  "continuous-monitoring",
  "dataset-generation",
  "agent-fine-tuning",
] as const satisfies (ArenaFlowId | "batch-lane")[];

/** The id of a YAML that the package ships. */
export type TemplateId = (typeof templateIds)[number];

/** What each of the package's flows gives. */
export type ArenaFlowResults = {
  [Id in ArenaFlowId]: (typeof arenaFlows)[Id] extends FlowDefinition<
    infer _Input,
    infer Result,
    infer _Progress
  >
    ? Result
    : never;
};

/** How far an execution of each of the package's flows tells to be; `never` where it cannot. */
export type ArenaFlowProgress = {
  [Id in ArenaFlowId]: (typeof arenaFlows)[Id] extends FlowDefinition<
    infer _Input,
    infer _Result,
    infer Progress
  >
    ? Progress
    : never;
};
