import { type FlowMeaning, isMap, textOf } from "./meaning.ts";

/** A call of one flow by another. */
export interface SubflowCall {
  /** The calling task. */
  taskId: string;
  /** The flow that is called. */
  flowId: string;
  /** Its namespace as the task says it: a name, or `{{ flow.namespace }}`. */
  namespace: string;
  /** The inputs that it is given. */
  inputs: Readonly<Record<string, unknown>>;
}

/** Every Subflow task of a flow, however deep it stands in loops and sequences. */
export function subflowCalls(meaning: FlowMeaning): SubflowCall[] {
  return everyTask(meaning).flatMap((task) => {
    if (!/\.(Subflow|ForEachItem)$/.test(textOf(task.type))) return [];
    if (typeof task.flowId !== "string") return [];
    return [
      {
        taskId: textOf(task.id),
        flowId: task.flowId,
        namespace: textOf(task.namespace ?? ""),
        inputs: isMap(task.inputs) ? task.inputs : {},
      },
    ];
  });
}

/** True for a call of a flow of the caller's own namespace. */
export function isOwnNamespace(call: SubflowCall, meaning: FlowMeaning): boolean {
  return call.namespace === meaning.namespace || call.namespace.includes("flow.namespace");
}

/** Everything in a flow that has an id and a type: tasks, in whatever block and however deep. */
export function everyTask(meaning: FlowMeaning): Record<string, unknown>[] {
  const blocks = ["tasks", "errors", "finally", "afterExecution"];
  return blocks.flatMap((block) => collectTasks(meaning[block]));
}

/**
 * Callees before their callers, otherwise in the order given.
 *
 * @param calls - Which of the flows each one calls.
 * @throws Error for flows that call each other in a circle, which Kestra would not run.
 */
export function inCallOrder(
  flowIds: readonly string[],
  calls: (flowId: string) => readonly string[],
): string[] {
  const ordered = new Set<string>();
  const visit = (flowId: string, callers: readonly string[]) => {
    if (ordered.has(flowId)) return;
    if (callers.includes(flowId)) {
      throw new Error(`The flows call each other in a circle: ${[...callers, flowId].join(" → ")}`);
    }
    for (const callee of calls(flowId)) {
      if (flowIds.includes(callee)) visit(callee, [...callers, flowId]);
    }
    ordered.add(flowId);
  };
  for (const flowId of flowIds) visit(flowId, []);
  return [...ordered];
}

function collectTasks(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(collectTasks);
  if (!isMap(value)) return [];
  const nested = Object.values(value).flatMap(collectTasks);
  // An output of a loop has an id and a type (`JSON`) too; a task's type is the name of a class.
  const isTask = typeof value.id === "string" && textOf(value.type).includes(".");
  return isTask ? [value, ...nested] : nested;
}
