import { isArenaError } from "../errors.ts";
import type { ExposedFlow } from "./exposed-flows.ts";
import type { RouteServices } from "./route.ts";
import { notFound, RouteError } from "./route-error.ts";

/** What the webhook has to know of a flow as it is deployed. */
export interface DeployedFlow {
  /** Its inputs and their types, by name. */
  inputs: ReadonlyMap<string, string>;
  /** The key of its Webhook trigger; `undefined` when it has none. */
  webhookKey: string | undefined;
}

const webhookType = "io.kestra.plugin.core.trigger.Webhook";

/** @throws RouteError 404 when it is not deployed, 500 when it has a trigger whose key is not known here. */
export async function readDeployedFlow(
  { arena, flows, settings }: RouteServices,
  flow: ExposedFlow,
  signal: AbortSignal,
): Promise<DeployedFlow> {
  const { id } = flow;
  const { source = "" } = await arena.kestra.flows
    .get(flows.namespaceOf(flow), id, { signal })
    .catch((error: unknown) => {
      throw isArenaError(error, "not_found") ? notFound(`The flow ${id} is not deployed.`) : error;
    });
  const { parse } = await import("yaml");
  const { inputs, triggers } = (parse(source) ?? {}) as { inputs?: unknown; triggers?: unknown };
  const types = new Map(items(inputs).map((input) => [String(input.id), String(input.type)]));
  const trigger = items(triggers).find(
    ({ type, disabled }) => type === webhookType && disabled !== true,
  );
  if (trigger === undefined) return { inputs: types, webhookKey: undefined };
  return { inputs: types, webhookKey: settings.webhookKeys[id] ?? literalKey(id, trigger.key) };
}

function literalKey(flowId: string, key: unknown): string {
  if (typeof key === "string" && key !== "" && !key.includes("{{")) return key;
  const error = `The key of the Webhook trigger of ${flowId} is an expression: give it to createArenaRoutes in webhookKeys.`;
  throw new RouteError(500, { error, code: "webhook_key" });
}

function items(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : [];
  return list.filter((item) => typeof item === "object" && item !== null);
}
