import {
  ExecutionFailedError,
  ExecutionKilledError,
  type ExecutionSummary,
  OutputError,
} from "../errors.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { sleep } from "../kestra/deadline.ts";
import type { LogEntry } from "../kestra/logs.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { isKilled, isSuccess } from "../kestra/states.ts";
import type { ExecutionContext } from "./context.ts";

/** What an execution came to, as data. */
export type Outcome<Result> =
  | {
      /** It ended well, and its outputs fit. */
      ok: true;
      /** `SUCCESS` or `WARNING`. */
      state: string;
      /** What the flow answered. */
      result: Result;
    }
  | {
      /** There is no result. */
      ok: false;
      /** The state that it ended in. */
      state: string;
      /** Why. */
      error: ExecutionFailedError | ExecutionKilledError | OutputError;
    };

/** How many log lines an error holds. */
const logTail = 10;

/** Outputs are written as the execution ends: none where some are due is worth a second look. */
const outputsRetryMs = 500;

/** Reads what an execution that has ended came to. */
export async function readOutcome<Result>(
  context: ExecutionContext,
  flow: FlowDefinition<never, Result>,
  execution: KestraExecution,
  readText: (uri: string) => Promise<string>,
  options: { signal?: AbortSignal | undefined },
): Promise<Outcome<Result>> {
  const state = execution.state.current;
  const summary = summarise(context, execution);
  if (!isSuccess(state)) {
    return { ok: false, state, error: await explainFailure(context, execution, summary, options) };
  }
  let parsed = flow.parse(await context.kestra.executions.outputs(execution, options));
  if ("issues" in parsed) {
    await sleep(outputsRetryMs, options.signal);
    const again = await context.kestra.executions.get(execution.id, options);
    parsed = flow.parse(await context.kestra.executions.outputs(again, options));
  }
  if ("result" in parsed) parsed = await flow.complete(parsed.result, { readText });
  if ("issues" in parsed) {
    return { ok: false, state, error: new OutputError(summary, parsed.issues) };
  }
  return { ok: true, state, result: parsed.result };
}

/** Where an execution is. */
export function summarise(context: ExecutionContext, execution: KestraExecution): ExecutionSummary {
  const { id: executionId, flowId, namespace } = execution;
  const url = executionUrl(context, execution);
  return { executionId, flowId, namespace, state: execution.state.current, url };
}

/** An execution's page in Kestra's UI. 2.x gives it at the start; elsewhere it is made up the same way. */
export function executionUrl(
  context: ExecutionContext,
  {
    id,
    namespace,
    flowId,
    url,
  }: { id: string; namespace: string; flowId: string; url?: string | undefined },
): string {
  const { kestra, tenant } = context;
  return url ?? `${kestra.url}/ui/${tenant}/executions/${namespace}/${flowId}/${id}`;
}

async function explainFailure(
  context: ExecutionContext,
  execution: KestraExecution,
  summary: ExecutionSummary,
  options: { signal?: AbortSignal | undefined },
): Promise<ExecutionFailedError> {
  const where = `Execution ${summary.executionId} of ${summary.namespace}.${summary.flowId}`;
  if (isKilled(summary.state)) {
    return new ExecutionKilledError(`${where} was ${summary.state.toLowerCase()}.`, summary);
  }
  const entries = await readWarnings(context, execution.id, options);
  const failed = execution.taskRunList.filter(({ state }) => state.current === "FAILED");
  const parents = new Set(failed.map(({ parentTaskRunId }) => parentTaskRunId));
  // The innermost of the failed tasks is the one that failed by itself.
  const taskRun = failed.find(({ id }) => !parents.has(id));
  const reason = reasonOf(entries, taskRun?.id);
  const task = taskRun === undefined ? "" : ` in task ${taskRun.taskId}`;
  const why = reason === undefined ? "" : `: ${firstLine(reason)}`;
  const message = `${where} ended as ${summary.state}${task}${why}${/[.!?]$/.test(why) ? "" : "."} See ${summary.url}.`;
  return new ExecutionFailedError(message, summary, {
    ...(taskRun !== undefined && { taskId: taskRun.taskId }),
    ...(reason !== undefined && { reason }),
    logs: entries.slice(-logTail).map(({ level, message: text }) => `${level} ${text}`),
  });
}

async function readWarnings(
  context: ExecutionContext,
  executionId: string,
  options: { signal?: AbortSignal | undefined },
): Promise<LogEntry[]> {
  try {
    const entries = await context.kestra.logs.get(executionId, { minLevel: "WARN", ...options });
    return entries.map((entry) => ({ ...entry, message: context.kestra.redact(entry.message) }));
  } catch {
    options.signal?.throwIfAborted();
    // The failure itself is worth more than its log.
    return [];
  }
}

function reasonOf(entries: readonly LogEntry[], taskRunId: string | undefined): string | undefined {
  const errors = entries.filter(({ level, message }) => level === "ERROR" && message !== "");
  const own = errors.filter((entry) => entry.taskRunId === taskRunId);
  return (own.at(-1) ?? errors.at(-1))?.message;
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
