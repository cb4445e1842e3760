import type { KestraArenaClient, KestraExecution } from "../index.ts";
import { isTerminal } from "../kestra/states.ts";

/** What is answered of an execution. */
export function describeExecution(arena: KestraArenaClient, execution: KestraExecution) {
  const { id, flowId, namespace, state, labels, inputs, taskRunList } = execution;
  return {
    id,
    flowId,
    namespace,
    url: pageOf(arena, execution),
    state,
    hasEnded: isTerminal(state.current),
    labels,
    ...(inputs !== undefined && { inputs: withoutSecrets(inputs) }),
    tasks: taskRunList.map((task) => ({
      taskId: task.taskId,
      state: task.state.current,
      ...(task.value !== undefined && { value: task.value }),
    })),
  };
}

/** A webhook's URL holds its secret, too. */
const secretName = /webhook|secret|token|password|credential|api_?key/i;

function withoutSecrets(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !secretName.test(name)));
}

function pageOf(arena: KestraArenaClient, { id, namespace, flowId, url }: KestraExecution): string {
  const { url: base, tenant } = arena.options;
  return url ?? `${base}/ui/${tenant}/executions/${namespace}/${flowId}/${id}`;
}
