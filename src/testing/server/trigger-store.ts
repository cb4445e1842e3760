import { Cron } from "croner";
import type { KestraLine } from "../../kestra/dialect.ts";
import { json } from "./answers.ts";
import type { SimulatedRequest } from "./faults.ts";
import { type FlowStore, readFlow } from "./flow-store.ts";

/** The schedules of the flows that were deployed. They plan, and never fire: a test starts what it wants to have run. */
export class TriggerStore {
  readonly #line: KestraLine;
  readonly #flows: FlowStore;
  readonly #disabled = new Set<string>();

  constructor(line: KestraLine, flows: FlowStore) {
    this.#line = line;
    this.#flows = flows;
  }

  /** Answers a request for `triggers/…`; `undefined` for one that it does not know. */
  answer({ path, query }: SimulatedRequest, body: string, now: number): Response | undefined {
    if (path === "triggers/search") return this.#search(query, now);
    if (path === "triggers/set-disabled/by-triggers") return this.#setDisabled(body);
    return undefined;
  }

  #search(query: URLSearchParams, now: number): Response {
    const namespace = query.get("filters[namespace][EQUALS]");
    const flowId = query.get("filters[flowId][EQUALS]");
    const results = this.#flows.all
      .filter((flow) => namespace === null || flow.namespace === namespace)
      .filter((flow) => flowId === null || flow.id === flowId)
      .flatMap((flow) =>
        readFlow(flow.source)
          .triggers.filter(({ type }) => String(type).endsWith(".Schedule"))
          .map((trigger) => this.#row(flow.namespace, flow.id, trigger, now)),
      );
    return json({ results, total: results.length });
  }

  #row(
    namespace: string,
    flowId: string,
    trigger: Record<string, unknown>,
    now: number,
  ): Record<string, unknown> {
    const triggerId = String(trigger.id);
    const disabled =
      trigger.disabled === true || this.#disabled.has(`${namespace}/${flowId}/${triggerId}`);
    const timezone = typeof trigger.timezone === "string" ? trigger.timezone : "UTC";
    const next = new Cron(String(trigger.cron), { timezone }).nextRun(new Date(now))?.toISOString();
    const names = { namespace, flowId, triggerId };
    return this.#line === "2"
      ? { trigger, state: { ...names, nextEvaluationDate: next, disabled, kind: "SCHEDULE" } }
      : {
          abstractTrigger: trigger,
          triggerContext: { ...names, nextExecutionDate: next, disabled },
        };
  }

  #setDisabled(body: string): Response {
    const { triggers, disabled } = JSON.parse(body) as {
      triggers: { namespace: string; flowId: string; triggerId: string }[];
      disabled: boolean;
    };
    for (const { namespace, flowId, triggerId } of triggers) {
      const key = `${namespace}/${flowId}/${triggerId}`;
      if (disabled) this.#disabled.add(key);
      else this.#disabled.delete(key);
    }
    const answer = { count: triggers.length };
    return this.#line === "2" ? json(answer, 202) : json(answer);
  }
}
