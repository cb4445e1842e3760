import { InputError, isArenaError } from "../errors.ts";
import type { Execution } from "../executions/execution.ts";
import type { StartOptions } from "../executions/start-options.ts";
import type { FlowInputs } from "../flows/define-flow.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { ScheduleTrigger } from "../templates/schedule-triggers.ts";
import { nextRuns, type ReadTiming } from "./interval.ts";
import { removeTrigger, setTrigger } from "./stored-trigger.ts";
import { findTrigger, type ScheduleCallOptions, switchTrigger } from "./trigger-state.ts";

/** How a schedule stands in Kestra. */
export interface ScheduleStatus {
  /** True when it does not fire. */
  isPaused: boolean;
  /**
   * When Kestra will look at it next; `undefined` when it is paused, or when Kestra has not yet noticed it. For an
   * interval that no cron can say this can be a minute at which it will skip its turn: see `nextRuns`.
   */
  nextDate: Date | undefined;
}

/** One run of a schedule. */
export interface ScheduleRun {
  /** The execution: `client.executions.get(…)` attaches to it. */
  executionId: string;
  /** Its state as it is now. */
  state: string;
  /** When it was started; `undefined` where Kestra did not say. */
  startedAt: Date | undefined;
}

/** What a {@link Schedule} is made from. */
export interface ScheduleSource<Input, Result> {
  kestra: KestraApi;
  kind: "matches" | "monitor";
  namespace: string;
  flowId: string;
  trigger: ScheduleTrigger;
  timing: ReadTiming;
  description: string;
  targetAgentId: string | undefined;
  inputs: FlowInputs;
  run: (input: Partial<Input>, options: StartOptions) => Promise<Execution<Result>>;
}

/**
 * A schedule in Kestra. Any process gets one by its id (`client.schedules.get(id)`): it runs in Kestra, whatever becomes
 * of the handle. What it says of the schedule is as it was read; ask anew for what somebody changed since.
 */
export class Schedule<Input, Result> {
  /** What `schedules.get` finds it by: the id of its flow. */
  readonly id: string;
  /** Scheduled matches, or the monitoring of one target. */
  readonly kind: "matches" | "monitor";
  /** Its flow. */
  readonly flowId: string;
  /** The flow's namespace. */
  readonly namespace: string;
  /** Its trigger in the flow. */
  readonly triggerId: string;
  /** Its cron expression. An interval that no cron can say fires each minute, and skips what is not its turn. */
  readonly cron: string;
  /** The time zone of the cron expression. */
  readonly timezone: string;
  /** When it fires, in words; the cron itself where the optional package `cronstrue` is not installed. */
  readonly description: string;
  /** The monitored target; `undefined` for scheduled matches. */
  readonly targetAgentId: string | undefined;
  /** What each run is given, by the names of the flow's inputs. What is missing has the flow's own default. */
  readonly inputs: FlowInputs;
  readonly #source: ScheduleSource<Input, Result>;

  constructor(source: ScheduleSource<Input, Result>) {
    const { kind, flowId, namespace, trigger, timing, description, targetAgentId, inputs } = source;
    this.id = flowId;
    this.kind = kind;
    this.flowId = flowId;
    this.namespace = namespace;
    this.triggerId = trigger.id;
    this.cron = timing.cron.expression;
    this.timezone = timing.cron.timezone;
    this.description = description;
    this.targetAgentId = targetAgentId;
    this.inputs = inputs;
    this.#source = source;
  }

  /**
   * When it fires next, soonest first, reckoned here: paused or not.
   *
   * @param count - How many, 1 to 1,000. @default 1
   * @param after - From when on. @default now
   */
  nextRuns(count = 1, after: Date = new Date()): Date[] {
    if (!Number.isInteger(count) || count < 1 || count > 1_000) {
      const message = "must be a whole number, 1 to 1,000";
      throw new InputError("nextRuns", [{ path: ["count"], message }]);
    }
    return nextRuns(this.#source.timing, count, after);
  }

  /** How it stands in Kestra now. @throws NotFoundError when its flow was deleted. */
  async status(options: ScheduleCallOptions = {}): Promise<ScheduleStatus> {
    const { kestra, namespace, flowId } = this.#source;
    const state = await findTrigger(kestra, this.#trigger(), options);
    // Kestra may not have noticed a new flow yet; that it is gone has to be told apart from that.
    if (state === undefined) await kestra.flows.get(namespace, flowId, options);
    const isPaused = state?.disabled ?? this.#source.trigger.disabled === true;
    const nextDate = state?.nextDate;
    return {
      isPaused,
      nextDate: isPaused || nextDate === undefined ? undefined : new Date(nextDate),
    };
  }

  /** Its last run, whether it fired or was triggered by hand; `undefined` when there was none. */
  async lastRun({ signal }: ScheduleCallOptions = {}): Promise<ScheduleRun | undefined> {
    const { kestra, namespace, flowId } = this.#source;
    const { results } = await kestra.executions.search({ namespace, flowId }, { size: 1, signal });
    const [execution] = results;
    if (execution === undefined) return undefined;
    const { startDate } = execution.state;
    return {
      executionId: execution.id,
      state: execution.state.current,
      startedAt: startDate === undefined ? undefined : new Date(startDate),
    };
  }

  /** Stops it from firing until it is resumed, and waits until Kestra shows it. What runs already runs on. */
  async pause(options: ScheduleCallOptions = {}): Promise<void> {
    await switchTrigger(this.#source.kestra, this.#trigger(), true, options);
  }

  /** Lets it fire again, from now on: what was missed is not made up for. Waits until Kestra shows it. */
  async resume(options: ScheduleCallOptions = {}): Promise<void> {
    const { kestra } = this.#source;
    // A schedule that was paused and then set anew is switched off in its flow, too.
    await setTrigger(
      kestra,
      this.#trigger(),
      (trigger) => ({ ...trigger, disabled: undefined }),
      options,
    );
    await switchTrigger(kestra, this.#trigger(), false, options);
  }

  /**
   * Runs it once now, as if it had fired.
   *
   * @param input - What is to be other than the schedule has it. @default nothing
   * @returns The execution.
   * @throws as `client.start`.
   */
  async trigger(
    input: Partial<Input> = {},
    options: StartOptions = {},
  ): Promise<Execution<Result>> {
    return this.#source.run(input, options);
  }

  /**
   * Ends it. The flow of a monitored target goes with it; that of scheduled matches stays, without its schedule. What
   * runs already runs on. Deleting it twice does no harm.
   */
  async delete(options: ScheduleCallOptions = {}): Promise<void> {
    const { kestra, kind, namespace, flowId } = this.#source;
    try {
      if (kind === "monitor") await kestra.flows.delete(namespace, flowId, options);
      else await removeTrigger(kestra, this.#trigger(), options);
    } catch (error) {
      if (!isArenaError(error, "not_found")) throw error;
    }
  }

  #trigger() {
    const { namespace, flowId, triggerId } = this;
    return { namespace, flowId, triggerId };
  }
}
