import type { KestraApi } from "../kestra/index.ts";
import { type ComparedFlow, compareFlow, type FlowStatus } from "./compare-flow.ts";
import { type FlowSetOptions, loadFlowSet } from "./flow-set.ts";
import type { FlowChange } from "./meaning.ts";
import { readStamp } from "./stamp.ts";
import { textDiff } from "./text-diff.ts";

/** How one flow in Kestra differs from what would be deployed. */
export interface FlowDiff {
  /** The flow. */
  flowId: string;
  /**
   * `missing` is not in Kestra; `equal` means the same, whatever its format and comments; `outdated` is as the package
   * last deployed it; `drifted` is not: somebody edited it, or imported it by hand.
   */
  status: FlowStatus;
  /** What a deployment would change, by meaning. */
  changes: FlowChange[];
  /** The same as a unified diff; `undefined` without changes, and where the optional package `diff` is not installed. */
  text: string | undefined;
  /** Where the inputs and outputs in Kestra are other than the SDK's, in words: what the SDK's calls would stumble over. */
  contract: string[];
  /** Its revision in Kestra. */
  revision: number | undefined;
  /** The version of the package that deployed it, where that is known. */
  deployedBy: string | undefined;
}

/** Where flows are compared or deployed. */
export interface FlowTarget {
  kestra: KestraApi;
  namespace: string;
}

/** Holds every flow against the one in Kestra. */
export async function compareFlows(
  { kestra, namespace }: FlowTarget,
  options: FlowSetOptions,
  signal: AbortSignal | undefined,
): Promise<ComparedFlow[]> {
  const line = await kestra.line(signal);
  const flows = await loadFlowSet(options, { line, namespace });
  return Promise.all(
    flows.map(async (flow) => {
      const deployed = await kestra.flows.find(namespace, flow.flowId, { signal });
      return compareFlow(flow, deployed, { setsSchedule: setsSchedule(options, flow.flowId) });
    }),
  );
}

/** True when the options say when a flow runs. */
export function setsSchedule(
  options: FlowSetOptions,
  flowId: keyof NonNullable<FlowSetOptions["flows"]>,
) {
  return options.flows?.[flowId]?.cron !== undefined;
}

/** What a deployment would change. Nothing is changed. */
export async function diffFlows(
  target: FlowTarget,
  options: FlowSetOptions,
  signal: AbortSignal | undefined,
): Promise<FlowDiff[]> {
  const compared = await compareFlows(target, options, signal);
  return Promise.all(
    compared.map(async ({ flowId, status, changes, contract, deployed, text }) => {
      const source = deployed?.source ?? "";
      return {
        flowId,
        status,
        changes,
        text: changes.length === 0 ? undefined : await textDiff(flowId, source, text),
        contract,
        revision: deployed?.revision,
        deployedBy: readStamp(source)?.version,
      };
    }),
  );
}
