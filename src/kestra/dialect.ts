/**
 * Everything that differs between the two version lines of Kestra, 1.3 and 2.x, and how the line is told. No other file
 * asks for a version. What was seen on which line: the recordings under `test/fixtures`.
 */
import { isArenaError, KestraError } from "../errors.ts";
import { configsSchema, type KestraExecution } from "./schemas.ts";
import type { KestraRequest, Transport } from "./transport.ts";
import { type Query, segment } from "./url.ts";

/** A version line of Kestra. */
export type KestraLine = "1.3" | "2";

/** What can be done to an execution. */
export type ExecutionAction =
  | "kill"
  | "pause"
  | "resume"
  | "restart"
  | "replay"
  | "labels"
  | "force-run";

/** A level of a log line, least first. */
export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";

/** What the state of a schedule says, whichever line answered it. */
export interface TriggerState {
  namespace: string;
  flowId: string;
  triggerId: string;
  disabled: boolean;
  /** The next run as an ISO instant, when one is planned. */
  nextDate: string | undefined;
  /** The last run as an ISO instant, once there was one. */
  lastDate: string | undefined;
}

/** One version line's way. */
export interface Dialect {
  /** Which line it is. */
  readonly line: KestraLine;
  /** The method and the path of an action on an execution. */
  action(executionId: string, action: ExecutionAction): Pick<KestraRequest, "method" | "path">;
  /** The request that reads an execution's outputs; `undefined` where the execution itself holds them. */
  outputs(executionId: string): Pick<KestraRequest, "path"> | undefined;
  /** The query of a log's filters. */
  logFilters(filters: { minLevel?: LogLevel | undefined; taskId?: string | undefined }): Query;
  /** Reads one row of a search for triggers. */
  trigger(row: unknown): TriggerState | undefined;
  /** True for the error that says that a flow exists already. */
  saysFlowExists(error: unknown): boolean;
  /** The properties of a trigger that fires only where an expression holds. */
  triggerCondition(expression: string): Readonly<Record<string, unknown>>;
  /** Where its flows are below the package's `flows` folder; the first that has one counts. */
  readonly flowFolders: readonly string[];
}

const line13: Dialect = {
  line: "1.3",
  action: (executionId, action) => ({
    method: action === "kill" ? "DELETE" : "POST",
    path: `executions/${segment(executionId)}/${action}`,
  }),
  outputs: () => undefined,
  // 1.3 ignores `filters[…]` here.
  logFilters: ({ minLevel, taskId }) => ({ minLevel, taskId }),
  trigger: (row) => {
    const { triggerContext, abstractTrigger } = record(row);
    const context = record(triggerContext);
    return toTrigger(context, {
      nextDate: context.nextExecutionDate,
      lastDate: context.date,
      disabled: context.disabled === true || record(abstractTrigger).disabled === true,
    });
  },
  saysFlowExists: (error) =>
    isArenaError(error, "kestra") && error.status === 422 && /already exists/i.test(error.message),
  // It has no `when`. The condition must stand alone: inside an `Or` the scheduler of 1.3 searches for the next run by a
  // value that it has rendered once, and never comes back.
  triggerCondition: (expression) => ({
    conditions: [{ type: "io.kestra.plugin.core.condition.Expression", expression }],
  }),
  // Of its own are only those where the lines differ.
  flowFolders: ["kestra-1.3/", ""],
};

const line2: Dialect = {
  line: "2",
  action: (executionId, action) => ({
    method: action === "kill" ? "DELETE" : "POST",
    path: `executions/${segment(executionId)}/actions/${action}`,
  }),
  outputs: (executionId) => ({ path: `outputs/executions/${segment(executionId)}` }),
  // 2.x ignores the flat parameters, and EQUALS on a level is 400.
  logFilters: ({ minLevel, taskId }) => ({
    "filters[level][GREATER_THAN_OR_EQUAL_TO]": minLevel,
    "filters[taskId][EQUALS]": taskId,
  }),
  trigger: (row) => {
    const { state, trigger } = record(row);
    const context = record(state);
    return toTrigger(context, {
      nextDate: context.nextEvaluationDate,
      lastDate: context.lastTriggeredDate,
      disabled: context.disabled === true || record(trigger).disabled === true,
    });
  },
  saysFlowExists: (error) => isArenaError(error, "conflict"),
  triggerCondition: (expression) => ({ when: expression }),
  flowFolders: [""],
};

/** True for the name of a version line. */
export function isKestraLine(line: unknown): line is KestraLine {
  return line === "1.3" || line === "2";
}

/** The way of a version line. */
export function dialectOf(line: KestraLine): Dialect {
  return line === "1.3" ? line13 : line2;
}

/** What a server says of itself. */
export interface ServerInfo {
  /** Its line, or the one that it is taken for. */
  line: KestraLine;
  /** Its version (`2.0.8`); `undefined` where it could not be read. */
  version: string | undefined;
  /** False for a version that the package was not tested against. */
  isSupported: boolean;
}

/**
 * Asks a server for its version. It is open on 1.3 and needs credentials on 2.x, so they are sent. Where the answer is
 * no help, the newer line is taken.
 *
 * @throws AuthenticationError, ConnectionError as any request.
 */
export async function probeServer(transport: Transport, signal?: AbortSignal): Promise<ServerInfo> {
  try {
    const configs = await transport.json(
      { method: "GET", path: "/api/v1/configs", signal },
      configsSchema(),
    );
    return describeVersion(configs.version);
  } catch (error) {
    const isAnswer = error instanceof KestraError && !isArenaError(error, "authentication");
    if (!isAnswer) throw error;
    return { line: "2", version: undefined, isSupported: false };
  }
}

/** `1.3.31` is line 1.3, `2.0.8` is line 2; what is older or newer is taken for the nearest. */
function describeVersion(version: string): ServerInfo {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  if (major >= 2) return { line: "2", version, isSupported: major === 2 };
  return { line: "1.3", version, isSupported: major === 1 && minor === 3 };
}

/** The outputs that the execution itself holds, on the line where it does. */
export function inlineOutputs(execution: KestraExecution): Record<string, unknown> {
  return execution.outputs ?? {};
}

function toTrigger(
  context: Record<string, unknown>,
  { nextDate, lastDate, disabled }: { nextDate: unknown; lastDate: unknown; disabled: boolean },
): TriggerState | undefined {
  const { namespace, flowId, triggerId } = context;
  if (typeof namespace !== "string" || typeof flowId !== "string") return undefined;
  if (typeof triggerId !== "string") return undefined;
  return {
    namespace,
    flowId,
    triggerId,
    disabled,
    nextDate: text(nextDate),
    lastDate: text(lastDate),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
