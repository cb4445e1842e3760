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
  // A start is answered before there is more to tell.
  const upTo = place !== "create" ? undefined : line === "2" ? "RUNNING" : "CREATED";
  const state = execution.stateJson(now, upTo) as { current: string };
  const hasOutputs = line === "1.3" && seed.outputs !== undefined && isSuccess(state.current);
  const isLight = line === "2" && (place === "row" || place === "get");
  return {
    ...(isLight && { tenantId: "main" }),
    id,
    namespace,
    flowId,
    flowRevision: seed.revision,
    ...taskRuns(execution, { line, place, now, upTo }),
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
    ...((line === "1.3" || place !== "row") && {
      metadata: { attemptNumber: 1, originalCreatedDate: new Date(seed.createdAt).toISOString() },
    }),
    ...(seed.scheduleDate !== undefined && { scheduleDate: seed.scheduleDate }),
    ...(place === "create" && { url: `${url}/ui/main/executions/${namespace}/${flowId}/${id}` }),
  };
}

interface View {
  line: KestraLine;
  place: Place;
  now: number;
  upTo: string | undefined;
}

/** Its tasks, which all go as it does itself. */
function taskRuns(execution: SimulatedExecution, { line, place, now, upTo }: View): object {
  const { id, seed } = execution;
  if (line === "2" && place === "row") return {};
  if (!execution.hasWorked(now) || upTo === "CREATED") {
    return line === "2" ? { taskRunList: [] } : {};
  }
  const state = execution.stateJson(now, upTo);
  const isSlim = line === "2" && place === "get";
  const outputs = line === "1.3" ? {} : null;
  const taskRunList = Array.from({ length: seed.taskCount }, (_, index) => ({
    id: index === 0 ? `${id}-task` : `${id}-task${index}`,
    ...(!isSlim && { executionId: id, namespace: seed.namespace, flowId: seed.flowId }),
    taskId: index === 0 ? "work" : `work${index}`,
    ...(place !== "create" && { attempts: [{ state, workerId: "N4B0b6LiA5Wcb7cMTqbHN" }] }),
    state,
    ...(!isSlim && { outputs }),
  }));
  return { taskRunList };
}
