import type { KestraLine } from "../../../src/kestra/dialect.ts";
import { isSuccess } from "../../../src/kestra/states.ts";
import type { SimulatedExecution } from "./execution.ts";

/** Where an execution is shown: each place shows something else of it. */
export type Place = "create" | "get" | "row" | "frame";

/** An execution as the line shows it at a place. */
export function render(
  execution: SimulatedExecution,
  { line, place, now, url }: { line: KestraLine; place: Place; now: number; url: string },
): Record<string, unknown> {
  const { seed, id } = execution;
  const { namespace, flowId } = seed;
  const state = execution.stateJson(now) as { current: string };
  const hasOutputs = line === "1.3" && seed.outputs !== undefined && isSuccess(state.current);
  const hasTaskRuns = line === "1.3" || place !== "row";
  const isLight = line === "2" && (place === "row" || place === "get");
  return {
    ...(isLight && { tenantId: "main" }),
    id,
    namespace,
    flowId,
    flowRevision: seed.revision,
    ...(hasTaskRuns && state.current !== "CREATED" && { taskRunList: taskRuns(execution, now) }),
    ...(Object.keys(seed.inputs).length > 0 && { inputs: seed.inputs }),
    ...(hasOutputs && { outputs: seed.outputs }),
    labels: seed.labels,
    state,
    ...(seed.parentId !== undefined && { parentId: seed.parentId }),
    originalId: seed.originalId ?? id,
    ...(seed.triggerExecutionId !== undefined && {
      trigger: { id: "call", variables: { executionId: seed.triggerExecutionId } },
    }),
    ...(!isLight && { deleted: false }),
    ...((line === "1.3" || place !== "row") && { metadata: { attemptNumber: 1 } }),
    ...(seed.scheduleDate !== undefined && { scheduleDate: seed.scheduleDate }),
    ...(place === "create" && { url: `${url}/ui/main/executions/${namespace}/${flowId}/${id}` }),
  };
}

/** One task, which goes as its execution does. */
function taskRuns(execution: SimulatedExecution, now: number) {
  const { id, seed } = execution;
  const run = {
    id: `${id}-task`,
    executionId: id,
    taskId: "work",
    state: execution.stateJson(now),
  };
  return [{ ...run, namespace: seed.namespace, flowId: seed.flowId }];
}
