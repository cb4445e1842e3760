import { InputError } from "../errors.ts";
import { encodeInputs } from "../executions/encode-inputs.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { arenaFlowIds, arenaFlows } from "../flows/index.ts";
import { plainFlow } from "../flows/plain-flow.ts";
import type { Execution, KestraArenaClient } from "../index.ts";

/** A flow whose input is checked as it is built. */
export type AnyFlow = FlowDefinition<Record<string, unknown>, unknown>;

/** One of the package's flows, or any other in the namespace by its id. */
export function pickFlow(flowId: string): { flow: AnyFlow; isOwn: boolean } {
  const isOwn = (arenaFlowIds as readonly string[]).includes(flowId);
  const flow = isOwn ? arenaFlows[flowId as keyof typeof arenaFlows] : plainFlow(flowId);
  return { flow: flow as unknown as AnyFlow, isOwn };
}

/**
 * Refuses inputs that a flow of somebody's own does not have: Kestra would drop them without a word.
 *
 * @throws InputError
 */
export async function refuseUnknownInputs(
  { kestra, options }: KestraArenaClient,
  flow: AnyFlow,
  inputs: Record<string, unknown>,
  signal: AbortSignal,
): Promise<void> {
  const parts = encodeInputs(flow.id, flow.build(inputs));
  const namespace = flow.namespace ?? options.namespace;
  const answers = await kestra.executions.validateInputs(namespace, flow.id, parts, { signal });
  const known = answers.map(({ input }) => input);
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const message = `is no input of this flow; ${known.length === 0 ? "it has none" : `they are ${known.join(", ")}`}`;
  throw new InputError(
    `Input of ${flow.id}`,
    unknown.map((name) => ({ path: [name], message })),
  );
}

/** The handle of an execution by its id alone. @throws NotFoundError */
export async function attach(
  client: KestraArenaClient,
  executionId: string,
  signal: AbortSignal,
): Promise<Execution<unknown>> {
  const { flowId, namespace } = await client.kestra.executions.get(executionId, { signal });
  const { flow } = pickFlow(flowId);
  const handle = client.executions.get(flow, executionId, { namespace });
  await handle.get({ signal });
  return handle;
}
