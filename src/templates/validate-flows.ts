import type { KestraApi } from "../kestra/index.ts";
import { checkFlow, type FlowProblem } from "./check-flow.ts";
import type { FlowTarget } from "./diff-flows.ts";
import { type FlowSetOptions, type LoadedFlow, loadFlowSet } from "./flow-set.ts";

/** What was found in one flow. */
export interface FlowReport {
  /** The flow. */
  flowId: string;
  /** What is wrong; empty when it can be deployed. */
  problems: FlowProblem[];
  /** What Kestra warns of, such as a subflow that is not there yet. */
  warnings: string[];
}

/** Checks every flow: first without Kestra, then, where nothing was found, by Kestra itself. Nothing is stored. */
export async function validateFlows(
  { kestra, namespace }: FlowTarget,
  options: FlowSetOptions,
  signal: AbortSignal | undefined,
): Promise<FlowReport[]> {
  const line = await kestra.line(signal);
  const flows = await loadFlowSet(options, { line, namespace });
  return Promise.all(flows.map((flow) => validateFlow(kestra, namespace, flow, flows, signal)));
}

/** Checks one flow of a set. */
export async function validateFlow(
  kestra: KestraApi,
  namespace: string,
  flow: LoadedFlow,
  set: readonly LoadedFlow[],
  signal: AbortSignal | undefined,
): Promise<FlowReport> {
  const { flowId, text } = flow;
  const siblings = new Map(set.map((sibling) => [sibling.flowId as string, sibling.meaning]));
  const problems = checkFlow(text, { flowId, namespace, siblings });
  if (problems.length > 0) return { flowId, problems, warnings: [] };
  const { constraints, warnings, deprecationPaths } = await kestra.flows.validate(text, { signal });
  return {
    flowId,
    problems: constraints === undefined ? [] : [{ from: "kestra", message: constraints.trim() }],
    warnings: [...warnings, ...deprecationPaths.map((path) => `${path} is deprecated`)],
  };
}
