import type { KestraLine } from "../../kestra/dialect.ts";
import { isTerminal } from "../../kestra/states.ts";
import { json, problem } from "./answers.ts";
import type { SimulatedExecution } from "./execution.ts";
import type { SimulatedRequest } from "./faults.ts";

/** `outputs/executions/{id}` and `outputs/tasks/{id}`, which 1.3 does not have. The one task of a flow has its outputs. */
export function readOutputs(
  line: KestraLine,
  execution: SimulatedExecution,
  { path, target }: SimulatedRequest,
  now: number,
): Response {
  const notFound = () => problem(line, 404, "not-found", target);
  if (line === "1.3") return notFound();
  const { outputs } = execution.seed;
  const hasOutputs = outputs !== undefined && isTerminal(execution.stateAt(now));
  const [, of, , taskRunId] = path.split("/");
  if (of === "executions") return hasOutputs ? json(outputs) : notFound();
  if (taskRunId !== undefined) return json(hasOutputs ? { values: outputs } : {});
  const task = { taskId: "work", taskRunId: `${execution.id}-task`, inline: true };
  return json(hasOutputs ? [task] : []);
}
