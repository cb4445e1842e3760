import { continuousMonitoring } from "../flows/continuous-monitoring.ts";
import type { FlowInputs } from "../flows/define-flow.ts";
import { type FlowMeaning, isMap } from "../templates/meaning.ts";

/** What one target's monitoring is made from. */
export interface MonitorFlow {
  flowId: string;
  namespace: string;
  targetAgentId: string;
  /** How often it is checked, in words. */
  description: string;
  /** What each check is given, by the names of the flow's inputs. */
  inputs: FlowInputs;
  /** `continuous-monitoring` as the package ships it. */
  check: FlowMeaning;
}

/** The id of the flow that monitors a target. */
export function monitorFlowId(targetAgentId: string): string {
  return `monitor-${targetAgentId.toLowerCase()}`;
}

/** True for the id of a flow that monitors a target. */
export function isMonitorFlowId(flowId: string): boolean {
  return /^monitor-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(flowId);
}

/**
 * A small flow that checks one target by `continuous-monitoring`: its own inputs with this target's values as defaults,
 * and its own outputs handed on. A flow for each target, so that two processes never edit one flow at the same time.
 *
 * @returns The flow without its trigger, to be written as YAML.
 */
export function monitorFlow(monitor: MonitorFlow): Record<string, unknown> {
  const { flowId, namespace, targetAgentId, description, inputs, check } = monitor;
  return {
    id: flowId,
    namespace,
    description:
      `Checks the target agent ${targetAgentId} by ${continuousMonitoring.id}. ${description}.\n\n` +
      "Made by the SDK's monitorTarget, which changes it, too; the schedule's delete takes it away.\n",
    labels: { app: "ai-arena", "arena.target": targetAgentId },
    inputs: declarations(check.inputs).map((input) => {
      const value = inputs[String(input.id)];
      if (value === undefined) return input;
      // Kestra 2.x takes a default for required inputs only.
      const { required: _required, ...rest } = input;
      return { ...rest, defaults: value };
    }),
    tasks: [
      {
        id: "check",
        type: "io.kestra.plugin.core.flow.Subflow",
        namespace: "{{ flow.namespace }}",
        flowId: continuousMonitoring.id,
        wait: true,
        transmitFailed: true,
        inheritLabels: true,
        inputs: Object.fromEntries(
          declarations(check.inputs).map(({ id }) => [id, `{{ inputs.${id} ?? null }}`]),
        ),
      },
    ],
    outputs: declarations(check.outputs).map(({ id, description, type }) => ({
      id,
      description,
      type,
      value: `{{ outputs.check.outputs.${id} ?? null }}`,
      required: false,
    })),
  };
}

function declarations(value: unknown): (Record<string, unknown> & { id: string })[] {
  const items = Array.isArray(value) ? value.filter(isMap) : [];
  return items as (Record<string, unknown> & { id: string })[];
}
