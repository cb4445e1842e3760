import type { ScheduleContext } from "./context.ts";
import type { ScheduleMatchesInput } from "./match-schedule.ts";
import type { MonitorTargetInput } from "./monitor-schedule.ts";
import type { MatchSchedule, MonitorSchedule } from "./read-schedule.ts";
import { SchedulesClient } from "./schedules-client.ts";
import type { ScheduleCallOptions } from "./trigger-state.ts";

/** Sets the schedule of matches, and gives it as Kestra has it. */
export async function setMatchSchedule(
  context: ScheduleContext,
  input: ScheduleMatchesInput,
  options: ScheduleCallOptions,
): Promise<MatchSchedule> {
  const { storeMatchSchedule } = await import("./match-schedule.ts");
  await storeMatchSchedule(context, input, options);
  return new SchedulesClient(context).get("scheduled-matches", options);
}

/** Sets the monitoring of a target, and gives it as Kestra has it. */
export async function setMonitorSchedule(
  context: ScheduleContext,
  input: MonitorTargetInput,
  options: ScheduleCallOptions,
): Promise<MonitorSchedule> {
  const { storeMonitorSchedule } = await import("./monitor-schedule.ts");
  const flowId = await storeMonitorSchedule(context, input, options);
  return (await new SchedulesClient(context).get(flowId, options)) as MonitorSchedule;
}
