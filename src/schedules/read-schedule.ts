import {
  continuousMonitoring,
  type MonitoringInput,
  type MonitoringResult,
} from "../flows/continuous-monitoring.ts";
import type { FlowDefinition, FlowInputs } from "../flows/define-flow.ts";
import {
  type ScheduledMatchesInput,
  type ScheduledMatchesResult,
  scheduledMatches,
} from "../flows/scheduled-matches.ts";
import type { KestraFlow } from "../kestra/flows.ts";
import { type FlowMeaning, isMap, readMeaning } from "../templates/meaning.ts";
import { type ScheduleTrigger, scheduleTriggers } from "../templates/schedule-triggers.ts";
import type { ScheduleContext } from "./context.ts";
import { describeTiming } from "./describe.ts";
import { readTiming } from "./interval.ts";
import { isMonitorFlowId } from "./monitor-flow.ts";
import { isOffAsShipped } from "./off-as-shipped.ts";
import { Schedule } from "./schedule.ts";

/** A schedule of matches. */
export type MatchSchedule = Schedule<ScheduledMatchesInput, ScheduledMatchesResult>;

/** The monitoring of one target. */
export type MonitorSchedule = Schedule<MonitoringInput, MonitoringResult>;

/** True for the id of a flow that a schedule can be read from. */
export function isScheduleId(flowId: string): boolean {
  return flowId === scheduledMatches.id || isMonitorFlowId(flowId);
}

/** The schedule of a flow as it stands in Kestra; `undefined` for one without. */
export async function readSchedule(
  context: ScheduleContext,
  { id: flowId, source = "" }: KestraFlow,
): Promise<MatchSchedule | MonitorSchedule | undefined> {
  const flow = readMeaning(source);
  const trigger = scheduleTriggers(flow).find((candidate) => !isOffAsShipped(candidate));
  const timing = trigger && readTiming(trigger);
  if (trigger === undefined || timing === undefined) return undefined;
  const { kestra, namespace } = context;
  const common = {
    kestra,
    namespace,
    flowId,
    trigger,
    timing,
    description: await describeTiming(timing),
  };
  if (!isMonitorFlowId(flowId)) {
    return new Schedule<ScheduledMatchesInput, ScheduledMatchesResult>({
      ...common,
      kind: "matches",
      targetAgentId: undefined,
      inputs: inputsOf(trigger),
      run: (input, options) => {
        const flow = withInputs(scheduledMatches, scheduledMatches.id, inputsOf(trigger));
        return context.start(flow, input, options);
      },
    });
  }
  const inputs = defaultsOf(flow);
  const targetAgentId = String(inputs.target_agent_id);
  return new Schedule<MonitoringInput, MonitoringResult>({
    ...common,
    kind: "monitor",
    targetAgentId,
    inputs,
    run: (input, options) => {
      const flow = withInputs(continuousMonitoring, flowId, {});
      return context.start(flow, { targetAgentId, ...input }, options);
    },
  });
}

/** The flow as a schedule starts it: with the schedule's inputs where none are given. */
function withInputs<Input, Result>(
  definition: FlowDefinition<Input, Result>,
  id: string,
  inputs: FlowInputs,
): FlowDefinition<Input, Result> {
  return { ...definition, id, build: (input) => ({ ...inputs, ...definition.build(input) }) };
}

function inputsOf({ inputs }: ScheduleTrigger): FlowInputs {
  return isMap(inputs) ? (inputs as FlowInputs) : {};
}

function defaultsOf({ inputs }: FlowMeaning): FlowInputs {
  const items = Array.isArray(inputs) ? inputs.filter(isMap) : [];
  const given = items.filter(({ defaults }) => defaults !== undefined);
  return Object.fromEntries(given.map(({ id, defaults }) => [String(id), defaults])) as FlowInputs;
}
