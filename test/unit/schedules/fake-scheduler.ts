import { parse } from "yaml";
import type { ScheduleTrigger } from "../../../src/templates/schedule-triggers.ts";
import { FakeKestra } from "../templates/fake-kestra.ts";

/** As {@link FakeKestra}, with a scheduler that learns of a flow's triggers some looks later, as Kestra's does. */
export class FakeScheduler extends FakeKestra {
  /** How many times the triggers are looked for before the scheduler knows those of a new flow. */
  looksUntilKnown = 0;
  /** What was switched off, as `flow/trigger`. */
  readonly switchedOff = new Set<string>();
  /** Switches that came before the scheduler knew the trigger: Kestra loses them without a word. */
  lostSwitches = 0;

  constructor() {
    super();
    this.intercept = (method, path, body) => this.answer(method, path, body);
  }

  protected answer(method: string, path: string, body: string): Response | undefined {
    if (path === "triggers/search") return this.#search();
    if (path === "triggers/set-disabled/by-triggers") return this.#switch(body);
    if (path === "flows/search") {
      const results = [...this.flows.keys()].map((key) => {
        const [namespace, id] = key.split("/");
        return { id, namespace };
      });
      return Response.json({ results, total: results.length });
    }
    if (method === "PUT" && path.startsWith("flows/")) this.#forgetPauses(path, body);
    return undefined;
  }

  #search(): Response {
    if (this.looksUntilKnown > 0) {
      this.looksUntilKnown -= 1;
      return Response.json({ results: [], total: 0 });
    }
    const results = [...this.flows].flatMap(([key, revisions]) => {
      const [namespace, flowId] = key.split("/");
      return triggersOf(revisions.at(-1) ?? "").map((trigger) => ({
        trigger,
        state: {
          namespace,
          flowId,
          triggerId: trigger.id,
          nextEvaluationDate: "2026-11-25T00:00:00Z",
          disabled: this.switchedOff.has(`${flowId}/${trigger.id}`),
        },
      }));
    });
    return Response.json({ results, total: results.length });
  }

  #switch(body: string): Response {
    const { triggers, disabled } = JSON.parse(body);
    if (this.looksUntilKnown > 0) this.lostSwitches += 1;
    for (const { flowId, triggerId } of triggers) {
      if (disabled) this.switchedOff.add(`${flowId}/${triggerId}`);
      else this.switchedOff.delete(`${flowId}/${triggerId}`);
    }
    return Response.json({ count: triggers.length });
  }

  /** 2.x starts a trigger again that has changed, unless its definition says that it is off. */
  #forgetPauses(path: string, body: string): void {
    const key = path.replace("flows/", "");
    const before = triggersOf(this.flows.get(key)?.at(-1) ?? "");
    for (const trigger of triggersOf(body)) {
      const old = before.find(({ id }) => id === trigger.id);
      if (JSON.stringify(old) === JSON.stringify(trigger)) continue;
      const name = `${key.split("/")[1]}/${trigger.id}`;
      if (trigger.disabled === true) this.switchedOff.add(name);
      else this.switchedOff.delete(name);
    }
  }
}

function triggersOf(source: string): ScheduleTrigger[] {
  const flow = parse(source) as { triggers?: ScheduleTrigger[] } | null;
  return flow?.triggers ?? [];
}
