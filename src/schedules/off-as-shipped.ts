import type { ScheduleTrigger } from "../templates/schedule-triggers.ts";

/** True for a schedule that is off since the package ships it so, and not because somebody paused it. */
export function isOffAsShipped({ disabled, inputs }: ScheduleTrigger): boolean {
  return disabled === true && inputs === undefined;
}
