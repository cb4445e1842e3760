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
import { persist } from "./persist.ts";
import type { Tracked } from "./tracked.ts";

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

/** Kestra 2.x writes logs beside the execution: why a task failed may be there a moment after the execution's end. */
const logRetryMs = 250;
const logTries = 5;

/** Reads what an execution that has ended came to. */
export async function readOutcome<Result>(
  context: ExecutionContext,
  flow: FlowDefinition<never, Result, unknown>,
  ended: Tracked,
  state: string,
  signal: AbortSignal,
): Promise<Outcome<Result>> {
  const { id: executionId, flowId, namespace } = ended;
  const url = executionUrl(context, { ...ended, url: ended.latest?.url });
  const summary: ExecutionSummary = { executionId, flowId, namespace, state, url };
  if (!isSuccess(state)) {
    return { ok: false, state, error: await explainFailure(context, ended, summary, signal) };
  }
  const { executions } = context.kestra;
  const read = <Value>(call: () => Promise<Value>) => persist(call, signal, ended);
  const outputs = async () =>
    flow.parse(await read(() => executions.outputs(executionId, { signal })));
  let parsed = await outputs();
  for (let tries = 1; "issues" in parsed && (tries === 1 || ended.mayBeMissing); tries += 1) {
    await sleep(outputsRetryMs, signal);
    parsed = await outputs();
  }
  if ("result" in parsed) {
    const readText = (uri: string) => read(() => executions.readFile(executionId, uri, { signal }));
    parsed = await flow.complete(parsed.result, { readText });
  }
  if ("issues" in parsed) {
    return { ok: false, state, error: new OutputError(summary, parsed.issues) };
  }
  return { ok: true, state, result: parsed.result };
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
  ended: Tracked,
  summary: ExecutionSummary,
  signal: AbortSignal,
): Promise<ExecutionFailedError> {
  const where = `Execution ${summary.executionId} of ${summary.namespace}.${summary.flowId}`;
  if (isKilled(summary.state)) {
    return new ExecutionKilledError(`${where} was ${summary.state.toLowerCase()}.`, summary);
  }
  const { taskRunList } = await executionAtEnd(ended, summary.state, signal);
  const failed = taskRunList.filter(({ state }) => state.current === "FAILED");
  const parents = new Set(failed.map(({ parentTaskRunId }) => parentTaskRunId));
  // The innermost of the failed tasks is the one that failed by itself.
  const taskRun = failed.find(({ id }) => !parents.has(id));
  const entries = await readWarnings(context, ended.id, taskRun?.id, signal);
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

/** The execution as it ended, read anew only where the watcher has not. */
async function executionAtEnd(
  ended: Tracked,
  state: string,
  signal: AbortSignal,
): Promise<KestraExecution> {
  const { latest } = ended;
  if (latest?.state.current === state && latest.taskRunList.length > 0) return latest;
  return persist(() => ended.read({ signal }), signal, ended);
}

async function readWarnings(
  context: ExecutionContext,
  executionId: string,
  taskRunId: string | undefined,
  signal: AbortSignal,
): Promise<LogEntry[]> {
  let entries: LogEntry[] = [];
  try {
    for (let tries = 1; tries <= logTries; tries += 1) {
      if (tries > 1) await sleep(logRetryMs, signal);
      entries = await context.kestra.logs.get(executionId, { minLevel: "WARN", signal });
      if (taskRunId === undefined || errorsOf(entries, taskRunId).length > 0) break;
    }
  } catch {
    // The failure itself is worth more than its log.
    signal.throwIfAborted();
  }
  return entries;
}

function reasonOf(entries: readonly LogEntry[], taskRunId: string | undefined): string | undefined {
  return (errorsOf(entries, taskRunId).at(-1) ?? errorsOf(entries).at(-1))?.message;
}

function errorsOf(entries: readonly LogEntry[], taskRunId?: string): LogEntry[] {
  return entries.filter(
    (entry) =>
      entry.level === "ERROR" &&
      entry.message !== "" &&
      (taskRunId === undefined || entry.taskRunId === taskRunId),
  );
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
