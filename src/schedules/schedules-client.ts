import { InputError, NotFoundError } from "../errors.ts";
import { scheduledMatches } from "../flows/scheduled-matches.ts";
import { mapAtATime } from "../map-at-a-time.ts";
import type { ScheduleContext } from "./context.ts";
import type { MatchSchedule, MonitorSchedule } from "./read-schedule.ts";
import type { ScheduleCallOptions } from "./trigger-state.ts";

/** How many flows are read at a time. */
const readsAtATime = 8;

/** `client.schedules`: what runs by itself. */
export class SchedulesClient {
  readonly #context: ScheduleContext;

  constructor(context: ScheduleContext) {
    this.#context = context;
  }

  /** The schedule of matches, when there is one, and those of monitored targets, by their ids. */
  async list(options: ScheduleCallOptions = {}): Promise<(MatchSchedule | MonitorSchedule)[]> {
    const { isScheduleId, readSchedule } = await import("./read-schedule.ts");
    const ids = (await this.#flowIds(options)).filter(isScheduleId).sort();
    const found = await mapAtATime(ids, readsAtATime, async (id) => {
      const flow = await this.#context.kestra.flows.find(this.#context.namespace, id, options);
      return flow && readSchedule(this.#context, flow);
    });
    return found.filter((schedule) => schedule !== undefined);
  }

  /**
   * A schedule by its id, from whatever process it was set.
   *
   * @param id - `scheduled-matches`, or the `id` of a monitored target's schedule.
   * @throws NotFoundError when there is no such schedule.
   */
  async get(id: "scheduled-matches", options?: ScheduleCallOptions): Promise<MatchSchedule>;
  async get(id: string, options?: ScheduleCallOptions): Promise<MatchSchedule | MonitorSchedule>;
  async get(
    id: string,
    options: ScheduleCallOptions = {},
  ): Promise<MatchSchedule | MonitorSchedule> {
    const { isScheduleId, readSchedule } = await import("./read-schedule.ts");
    if (typeof id !== "string" || !isScheduleId(id)) {
      const message = `must be ${scheduledMatches.id}, or the id of a monitored target's schedule (monitor-<its UUID>)`;
      throw new InputError("schedules.get", [{ path: ["id"], message }]);
    }
    const { kestra, namespace } = this.#context;
    const flow = await kestra.flows.find(namespace, id, options);
    const schedule = flow && (await readSchedule(this.#context, flow));
    if (schedule !== undefined) return schedule;
    const request = { method: "GET", url: `flows/${namespace}/${id}` };
    const message = `There is no schedule ${namespace}.${id}. scheduleMatches() and monitorTarget() set one.`;
    throw new NotFoundError(message, { status: 404, request });
  }

  async #flowIds(options: ScheduleCallOptions): Promise<string[]> {
    const { kestra, namespace } = this.#context;
    const size = 100;
    const ids = new Set<string>();
    for (let page = 1; ; page += 1) {
      const { results } = await kestra.flows.search(namespace, { ...options, page, size });
      for (const { id } of results) ids.add(id);
      if (results.length < size) return [...ids];
    }
  }
}
