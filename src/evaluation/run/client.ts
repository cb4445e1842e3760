import type { KestraArenaClient } from "../../client.ts";

/** What an evaluation uses of the client. */
export type EvaluationClient = Pick<KestraArenaClient, "evaluateBatch" | "executions" | "kestra">;

/** A handle of a batch. */
export type BatchExecution = Awaited<ReturnType<KestraArenaClient["evaluateBatch"]>>;

/** An execution as a list gives it. */
export type ListedExecution =
  ReturnType<KestraArenaClient["executions"]["list"]> extends AsyncGenerator<infer Item>
    ? Item
    : never;

/** The label by which a batch's matches are found. */
export const batchLabel = "arena.batch";

/** The label that all have in common that began with one start. */
export const correlationLabel = "system.correlationId";

/** The label by which a batch is found that was started with a key. */
export const keyLabel = "arena.key";
