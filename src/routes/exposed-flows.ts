import { continuousMonitoring } from "../flows/continuous-monitoring.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { arenaFlows } from "../flows/index.ts";
import { plainFlow } from "../flows/plain-flow.ts";
import type { RouteSettings } from "./options.ts";
import { noSuch } from "./route-error.ts";

/** A flow that the routes' callers may see. */
export type ExposedFlow = FlowDefinition<never, unknown>;

/** The flows that the routes' callers may see; nothing else of Kestra is reachable through them. */
export class ExposedFlows {
  readonly #namespace: string;
  readonly #flows: ReadonlyMap<string, ExposedFlow>;

  constructor({ arena, flows }: RouteSettings) {
    this.#namespace = arena.options.namespace;
    const own = flows.map((flow) => (typeof flow === "string" ? plainFlow(flow) : flow));
    this.#flows = new Map(
      [...Object.values(arenaFlows), ...own].map((flow) => [flow.id, flow as ExposedFlow]),
    );
  }

  /** All of them. */
  all(): ExposedFlow[] {
    return [...this.#flows.values()];
  }

  /** One of them, to be started. @throws RouteError 404 */
  get(flowId: string): ExposedFlow {
    const flow = this.#flows.get(flowId);
    if (flow !== undefined) return flow;
    throw noSuch("flow", flowId);
  }

  /** One of them or the flow of a monitored target, to be looked at. @throws RouteError 404 */
  look(flowId: string): ExposedFlow {
    return this.#monitor(flowId) ?? this.get(flowId);
  }

  /** The flow of an execution; `undefined` when it is none that callers may see. */
  find({ namespace, flowId }: { namespace: string; flowId: string }): ExposedFlow | undefined {
    const flow = this.#monitor(flowId) ?? this.#flows.get(flowId);
    return flow !== undefined && this.namespaceOf(flow) === namespace ? flow : undefined;
  }

  /** Where a flow is. */
  namespaceOf(flow: ExposedFlow): string {
    return flow.namespace ?? this.#namespace;
  }

  /** Each monitored target has a small flow of its own, which answers what the check itself answers. */
  #monitor(flowId: string): ExposedFlow | undefined {
    if (!monitorId.test(flowId)) return undefined;
    return { ...continuousMonitoring, id: flowId } as ExposedFlow;
  }
}

const monitorId = /^monitor-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
