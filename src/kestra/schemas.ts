/**
 * What the package reads of Kestra's answers, and no more: a field that a later Kestra adds or drops elsewhere must not
 * break a client.
 */
import * as z from "zod";
import { lazy } from "../lazy.ts";

/** One change of state. */
export interface StateChange {
  /** The state that was entered. */
  state: string;
  /** When, as an ISO instant. */
  date: string;
}

/** The state of an execution or of one of its task runs. */
export interface KestraState {
  /** The present state. Not only the known ones: see `isTerminal`. */
  current: string;
  /** When it was created, as an ISO instant. */
  startDate?: string | undefined;
  /** When it ended or was paused, as an ISO instant: this alone does not mean that it has ended. */
  endDate?: string | undefined;
  /** Every change so far, oldest first; absent from some light answers. */
  histories?: StateChange[] | undefined;
}

/** A label of an execution. */
export interface Label {
  /** Its key. */
  key: string;
  /** Its value. */
  value: string;
}

/** One run of one task. */
export interface TaskRun {
  /** Its id. */
  id: string;
  /** The task's id in the flow. */
  taskId: string;
  /** The task run that it is nested in. */
  parentTaskRunId?: string | undefined;
  /** The item of the loop that it runs for, as text. */
  value?: string | undefined;
  /** Its state. */
  state: KestraState;
  /** Its outputs; on 2.x they have routes of their own. */
  outputs?: Record<string, unknown> | undefined;
}

/** An execution as Kestra answers it. On 2.x without outputs, and in searches without task runs. */
export interface KestraExecution {
  /** Its id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Its flow. */
  flowId: string;
  /** The flow's revision that it runs. */
  flowRevision?: number | undefined;
  /** Its state. */
  state: KestraState;
  /** Its labels, Kestra's own (`system.…`) among them. */
  labels: Label[];
  /** Its inputs. */
  inputs?: Record<string, unknown> | undefined;
  /** Its outputs, on 1.3. */
  outputs?: Record<string, unknown> | undefined;
  /** Its task runs. */
  taskRunList: TaskRun[];
  /** The execution that it was replayed or retried from. */
  parentId?: string | undefined;
  /** The first of a chain of replays and retries; its own id when there is none. */
  originalId?: string | undefined;
  /**
   * The execution whose task started it, for a subflow. Under a loop of 2.x it is the loop's iteration, an execution of
   * kind `LOOP` whose `parentId` is the one that holds the loop.
   */
  triggerExecutionId?: string | undefined;
  /** Its page in the UI; 2.x gives it when an execution is created. */
  url?: string | undefined;
}

/** The little of a search's row that the watcher reads. */
export interface ExecutionRow {
  /** The execution's id. */
  id: string;
  /** Its present state, and when it ended or was paused. */
  state: { current: string; endDate?: string | undefined };
}

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

const list = <Schema extends z.ZodType>(item: Schema) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const state = lazy(() =>
  z.object({
    current: z.string(),
    startDate: optional(z.string()),
    endDate: optional(z.string()),
    histories: optional(z.array(z.object({ state: z.string(), date: z.string() }))),
  }),
);

const taskRun = lazy(() =>
  z.object({
    id: z.string(),
    taskId: z.string(),
    parentTaskRunId: optional(z.string()),
    value: optional(z.string()),
    state: state(),
    outputs: optional(z.record(z.string(), z.unknown())),
  }),
);

/** An execution, whichever route answered it. Compiled, since it is what is read most. */
export const executionSchema = lazy(() =>
  z.compile(
    rawExecution().transform(({ trigger, ...execution }): KestraExecution => {
      const { executionId } = record(record(trigger).variables);
      if (typeof executionId !== "string") return execution;
      return { ...execution, triggerExecutionId: executionId };
    }),
  ),
);

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const rawExecution = lazy(() =>
  z.object({
    id: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    flowRevision: optional(z.number()),
    state: state(),
    labels: list(z.object({ key: z.string(), value: z.coerce.string() })),
    inputs: optional(z.record(z.string(), z.unknown())),
    outputs: optional(z.record(z.string(), z.unknown())),
    taskRunList: list(taskRun()),
    parentId: optional(z.string()),
    originalId: optional(z.string()),
    url: optional(z.string()),
    trigger: z.unknown().optional(),
  }),
);

/** One page of a search, in full. */
export const executionPage = lazy(() => z.compile(page(executionSchema())));

/** The little that the watcher reads of a search's rows: it may read thousands a second. */
export const rowPage = lazy(() =>
  z.compile(
    page(
      z.object({
        id: z.string(),
        state: z.object({ current: z.string(), endDate: optional(z.string()) }),
      }),
    ),
  ),
);

/** A page of a search. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ results: z.array(item), total: z.number() });

/** The `configs` that tell the version. */
export const configsSchema = lazy(() =>
  z.object({ version: z.string(), edition: optional(z.string()), url: optional(z.string()) }),
);

/** A flow, its source with it where it was asked for. */
export const flowSchema = lazy(() =>
  z.object({
    id: z.string(),
    namespace: z.string(),
    revision: optional(z.number()),
    disabled: optional(z.boolean()),
    source: optional(z.string()),
  }),
);

/** What the validation says of one flow. */
export const flowValidationSchema = lazy(() =>
  z.object({
    index: optional(z.number()),
    flow: optional(z.string()),
    namespace: optional(z.string()),
    constraints: optional(z.string()),
    warnings: list(z.string()),
    infos: list(z.string()),
    deprecationPaths: list(z.string()),
  }),
);

/** A line of a log. */
export const logEntrySchema = lazy(() =>
  z.object({
    timestamp: z.string(),
    level: z.string(),
    message: z
      .string()
      .nullish()
      .transform((message) => message ?? ""),
    taskId: optional(z.string()),
    taskRunId: optional(z.string()),
    executionId: optional(z.string()),
    attemptNumber: optional(z.number()),
  }),
);
