import type { KestraLine } from "../../kestra/dialect.ts";
import { isSuccess } from "../../kestra/states.ts";
import type { SimulatedExecution } from "./execution.ts";

/** Where an execution is shown: each place shows something else of it. */
export type Place = "create" | "action" | "get" | "row" | "frame";

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

/** Its tasks, which all go as it does itself. */
function taskRuns(execution: SimulatedExecution, now: number): Record<string, unknown>[] {
  const { id, seed } = execution;
  const state = execution.stateJson(now);
  return Array.from({ length: seed.taskCount }, (_, index) => ({
    id: index === 0 ? `${id}-task` : `${id}-task${index}`,
    executionId: id,
    namespace: seed.namespace,
    flowId: seed.flowId,
    taskId: index === 0 ? "work" : `work${index}`,
    attempts: [{ state, workerId: "N4B0b6LiA5Wcb7cMTqbHN" }],
    state,
  }));
}
