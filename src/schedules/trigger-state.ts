import { ConnectionError, NotFoundError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { TriggerState } from "../kestra/dialect.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { TriggerId } from "../kestra/triggers.ts";

/** What a call on a schedule takes. */
export interface ScheduleCallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
}

const request = { method: "GET", url: "triggers/search" };

/** How often Kestra is asked whether it has done what it was told. */
const pollMs = 200;

/** How long is waited for that. */
const confirmMs = 20_000;

/** The state of a schedule's trigger; `undefined` where Kestra has none, as just after a deployment. */
export async function findTrigger(
  kestra: KestraApi,
  trigger: TriggerId,
  { signal }: ScheduleCallOptions,
): Promise<TriggerState | undefined> {
  const { namespace, flowId, triggerId } = trigger;
  const found = await kestra.triggers.list({ namespace, flowId }, { signal });
  return found.find((state) => state.triggerId === triggerId);
}

/**
 * Switches a trigger off or on, and waits until Kestra shows it. Its scheduler learns of a flow, and of such a switch, a
 * moment later. What it is told before it knows the trigger is lost without a word, and so is, on 2.x, a switch that is
 * older than the trigger's last event ("Skipping event SET_DISABLE_TRIGGER" in Kestra's log): it is told again.
 *
 * @throws NotFoundError when Kestra knows no such trigger, ConnectionError when it did not do it in time.
 */
export async function switchTrigger(
  kestra: KestraApi,
  trigger: TriggerId,
  disabled: boolean,
  options: ScheduleCallOptions,
): Promise<void> {
  const until = performance.now() + confirmMs;
  let state = await findTrigger(kestra, trigger, options);
  while (performance.now() < until) {
    if (state?.disabled === disabled) return;
    if (state !== undefined) await kestra.triggers.setDisabled(trigger, disabled, options);
    await sleep(pollMs, options.signal);
    state = await findTrigger(kestra, trigger, options);
  }
  const name = `${trigger.namespace}.${trigger.flowId}, trigger ${trigger.triggerId}`;
  if (state === undefined) {
    const message = `Kestra knows no schedule ${name}. It may have been deleted; schedules.list() shows those that there are.`;
    throw new NotFoundError(message, { status: 404, request });
  }
  const word = disabled ? "paused" : "resumed";
  throw new ConnectionError(
    `Kestra was told, and did not show within ${confirmMs / 1_000} s, that ${name} is ${word}. It may still do it; see status().`,
    request,
    { isTimeout: true },
  );
}
