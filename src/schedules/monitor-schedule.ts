import { stringify } from "yaml";
import { InputError } from "../errors.ts";
import { continuousMonitoring, type MonitoringInput } from "../flows/continuous-monitoring.ts";
import { loadFlow } from "../templates/load-flow.ts";
import { readMeaning } from "../templates/meaning.ts";
import { type ScheduleTrigger, scheduleType } from "../templates/schedule-triggers.ts";
import type { ScheduleContext } from "./context.ts";
import { describeTiming } from "./describe.ts";
import { intervalTiming, readTiming } from "./interval.ts";
import { monitorFlow, monitorFlowId } from "./monitor-flow.ts";
import { storeSchedule } from "./store-schedule.ts";
import type { ScheduleCallOptions } from "./trigger-state.ts";

/** Which target is monitored, and how. */
export interface MonitorTargetInput extends Omit<MonitoringInput, "monitoringIntervalMinutes"> {
  /** How far the checks are apart: 1 to 1,440 minutes, each kept exactly. @default 60 */
  intervalMinutes?: number | undefined;
}

/**
 * Deploys the flow that monitors a target, and `continuous-monitoring` where it is missing.
 *
 * @returns The flow's id.
 * @throws InputError before anything is sent.
 */
export async function storeMonitorSchedule(
  { kestra, namespace, deployMissing }: ScheduleContext,
  { intervalMinutes = 60, ...check }: MonitorTargetInput,
  options: ScheduleCallOptions,
): Promise<string> {
  if (!Number.isInteger(intervalMinutes) || intervalMinutes < 1 || intervalMinutes > 1_440) {
    const message = "must be a whole number of minutes, 1 to 1,440 (a day)";
    throw new InputError("monitorTarget", [{ path: ["intervalMinutes"], message }]);
  }
  const inputs = continuousMonitoring.build({
    ...check,
    monitoringIntervalMinutes: intervalMinutes,
  });
  const line = await kestra.line(options.signal);
  await deployMissing([continuousMonitoring.id as "continuous-monitoring"], options.signal);
  const trigger: ScheduleTrigger = {
    id: "interval",
    type: scheduleType,
    ...intervalTiming(intervalMinutes, line),
  };
  const timing = readTiming(trigger);
  const flowId = monitorFlowId(check.targetAgentId);
  const flow = monitorFlow({
    flowId,
    namespace,
    targetAgentId: check.targetAgentId,
    description: timing === undefined ? "" : await describeTiming(timing),
    inputs,
    check: readMeaning(await loadFlow(continuousMonitoring.id, { line, namespace })),
  });
  const text = stringify(flow, { lineWidth: 0 });
  await storeSchedule(kestra, { namespace, flowId, text, trigger }, options);
  return flowId;
}
