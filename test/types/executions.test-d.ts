import { expectTypeOf, it } from "vitest";
import type {
  BatchProgress,
  BatchResult,
  Execution,
  ExecutionState,
  KestraArenaClient,
  MatchResult,
  Settled,
} from "../../src/index.ts";

declare const arena: KestraArenaClient;
declare const matches: Execution<MatchResult>[];

it("a batch's handle tells how far it is, and a match's has no such method", () => {
  type Batch = Awaited<ReturnType<KestraArenaClient["evaluateBatch"]>>;
  type Match = Awaited<ReturnType<KestraArenaClient["runMatch"]>>;
  expectTypeOf<Batch>().toExtend<Execution<BatchResult>>();
  expectTypeOf<ReturnType<Batch["progress"]>>().resolves.toEqualTypeOf<BatchProgress>();
  expectTypeOf<Match>().not.toHaveProperty("progress");
  const attached = arena.executions.get("batch-evaluation", "id");
  expectTypeOf(attached.progress).returns.resolves.toEqualTypeOf<BatchProgress>();
  expectTypeOf(arena.executions.get("match-orchestration", "id")).not.toHaveProperty("progress");
});

it("a handle's result is its flow's, alone and among many", () => {
  const match = arena.executions.get("match-orchestration", "id");
  expectTypeOf(match.result).returns.resolves.toEqualTypeOf<MatchResult>();
  expectTypeOf(arena.executions.settle(matches)).resolves.toEqualTypeOf<Settled<MatchResult>[]>();
  expectTypeOf(match.states()).toExtend<AsyncIterable<ExecutionState>>();
});

it("a handle is disposed of by await using", () => {
  expectTypeOf<Execution<MatchResult>>().toExtend<AsyncDisposable>();
});
