import type {
  BatchInput,
  BatchProgress,
  BatchResult,
  DatasetResult,
  Execution,
  FineTuneInput,
  FineTuningResult,
  FlowDefinition,
  GenerateDatasetInput,
  KestraArenaClient,
  MatchInput,
  MatchResult,
  TellingExecution,
} from "kestra-arena";
import {
  type agentFineTuning,
  type batchEvaluation,
  type datasetGeneration,
  defineFlow,
  type matchOrchestration,
} from "kestra-arena";
import type { BenignControl } from "kestra-arena/datasets";
import { type FineTuningJudgement, judgeFineTuning } from "kestra-arena/evaluation";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod";

type InputOf<Flow> =
  Flow extends FlowDefinition<infer Input, infer _Result, infer _Progress> ? Input : never;
type ResultOf<Flow> =
  Flow extends FlowDefinition<infer _Input, infer Result, infer _Progress> ? Result : never;

declare const arena: KestraArenaClient;

describe("a flow's hand-written interfaces", () => {
  it("are equal to what its schemas take and give", () => {
    expectTypeOf<InputOf<typeof matchOrchestration>>().toEqualTypeOf<MatchInput>();
    expectTypeOf<ResultOf<typeof matchOrchestration>>().toEqualTypeOf<MatchResult>();
    expectTypeOf<InputOf<typeof batchEvaluation>>().toEqualTypeOf<BatchInput>();
    expectTypeOf<ResultOf<typeof batchEvaluation>>().toEqualTypeOf<BatchResult>();
    expectTypeOf<InputOf<typeof datasetGeneration>>().toEqualTypeOf<GenerateDatasetInput>();
    expectTypeOf<ResultOf<typeof datasetGeneration>>().toEqualTypeOf<DatasetResult>();
    expectTypeOf<InputOf<typeof agentFineTuning>>().toEqualTypeOf<FineTuneInput>();
    expectTypeOf<ResultOf<typeof agentFineTuning>>().toEqualTypeOf<FineTuningResult>();
  });
});

describe("a client's method", () => {
  it("gives a handle of its flow's result", () => {
    expectTypeOf(arena.runMatch).returns.resolves.toEqualTypeOf<Execution<MatchResult>>();
    expectTypeOf(arena.executions.get("batch-evaluation", "id")).toEqualTypeOf<
      TellingExecution<BatchResult, BatchProgress>
    >();
  });

  it("gives fine-tuning's result to what judges it, and takes the package's own controls", () => {
    expectTypeOf(arena.fineTuneAgent).returns.resolves.toEqualTypeOf<Execution<FineTuningResult>>();
    expectTypeOf(judgeFineTuning).toBeCallableWith({} as FineTuningResult);
    expectTypeOf(judgeFineTuning).returns.toEqualTypeOf<FineTuningJudgement>();
    expectTypeOf<BenignControl[]>().toExtend<NonNullable<FineTuneInput["benignControls"]>>();
  });

  it("refuses unknown keys and wrong modes", () => {
    const agents = { redAgentId: "a", blueAgentId: "b", targetAgentId: "c" };
    // @ts-expect-error: no such key
    void arena.runMatch({ ...agents, rounds: 3 });
    // @ts-expect-error: no such mode
    void arena.runMatch({ ...agents, mode: "fast" });
    // @ts-expect-error: an agent is missing
    void arena.runMatch({ redAgentId: "a", blueAgentId: "b" });
  });
});

describe("a flow of the user's own", () => {
  it("is typed by its schemas", () => {
    const greet = defineFlow({
      id: "greet",
      input: () => z.strictObject({ who: z.string().min(1), times: z.int().default(1) }),
      toInputs: ({ who, times }) => ({ who, times: times.toFixed() }),
      output: () => z.object({ greeting: z.string() }),
    });
    expectTypeOf<InputOf<typeof greet>>().toEqualTypeOf<{
      who: string;
      times?: number | undefined;
    }>();
    expectTypeOf(arena.start(greet, { who: "Ada" })).resolves.toEqualTypeOf<
      Execution<{ greeting: string }>
    >();
  });
});
