import * as z from "zod";
import { defineFlow, type FlowDefinition, type FlowInputValue } from "../flows/define-flow.ts";
import { arenaFlows } from "../flows/index.ts";
import type { RouteSettings } from "./options.ts";
import { notFound } from "./route-error.ts";

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

  /** One of them. @throws RouteError 404 */
  get(flowId: string): ExposedFlow {
    const flow = this.#flows.get(flowId);
    if (flow !== undefined) return flow;
    throw notFound(`There is no flow ${JSON.stringify(flowId)} here.`);
  }

  /** The flow of an execution; `undefined` when it is none that callers may see. */
  find({ namespace, flowId }: { namespace: string; flowId: string }): ExposedFlow | undefined {
    const flow = this.#flows.get(flowId);
    return flow !== undefined && this.namespaceOf(flow) === namespace ? flow : undefined;
  }

  /** Where a flow is. */
  namespaceOf(flow: ExposedFlow): string {
    return flow.namespace ?? this.#namespace;
  }
}

/** A flow of which only the id is known: its inputs go through as they are, and its outputs come back so. */
export function plainFlow(id: string, namespace?: string): FlowDefinition<Inputs, Inputs> {
  return defineFlow<Inputs, Inputs, Inputs, Inputs>({
    id,
    ...(namespace !== undefined && { namespace }),
    input: () => z.record(z.string(), z.unknown()),
    toInputs: (inputs) => inputs as Readonly<Record<string, FlowInputValue | undefined>>,
    output: () => z.record(z.string(), z.unknown()),
  });
}

type Inputs = Record<string, unknown>;
