import type * as z from "zod";
import type { InputIssue } from "../errors.ts";
import { plainFlow } from "../flows/plain-flow.ts";
import { webhookAnswer } from "./answers.ts";
import { webhookBody } from "./bodies.ts";
import { type DeployedFlow, readDeployedFlow } from "./deployed-flow.ts";
import type { ExposedFlow } from "./exposed-flows.ts";
import { keyPattern, readKey } from "./read-request.ts";
import { defineRoute, type Route, type RouteServices } from "./route.ts";
import { invalidRequest, RouteError } from "./route-error.ts";

type Body = z.infer<ReturnType<typeof webhookBody>>;

/** `POST /webhook/:flowId` */
export const webhookRoute = (): Route =>
  defineRoute<undefined, Body>({
    name: "callWebhook",
    method: "POST",
    path: "/webhook/:flowId",
    summary: "Starts a flow by its webhook, for services that can send JSON and a secret.",
    description:
      "A flow with a Webhook trigger is started through it, so that its condition and its mapping of inputs hold. Any other is started with the body as its inputs.",
    access: "secret",
    headers: {
      "Idempotency-Key": {
        description:
          "The caller's own name for this piece of work. Not for flows with a Webhook trigger.",
        pattern: keyPattern,
      },
    },
    body: webhookBody,
    answers: { 200: { description: "It was started.", schema: webhookAnswer } },
    errors: [404, 409],
    async handle({ id, request, body, services }) {
      const flow = services.flows.get(id);
      const key = readKey(request);
      const deployed = await readDeployedFlow(services, flow, request.signal);
      const executionId =
        deployed.webhookKey === undefined
          ? await startWith(services, flow, deployed, body, key)
          : await callTrigger(services, flow, deployed.webhookKey, body);
      return Response.json({ success: true, ...(executionId !== undefined && { executionId }) });
    },
  });

async function startWith(
  { arena, flows }: RouteServices,
  flow: ExposedFlow,
  deployed: DeployedFlow,
  body: Body,
  key: string | undefined,
): Promise<string> {
  const issues = Object.entries(body).flatMap(([name, value]) => issueOf(deployed, name, value));
  if (issues.length > 0) throw invalidRequest(issues);
  const plain = plainFlow(flow.id, flows.namespaceOf(flow));
  const { id } = await arena.start(plain, body, { key });
  return id;
}

/** What Kestra would drop or misread without a word. */
function issueOf({ inputs }: DeployedFlow, name: string, value: unknown): InputIssue[] {
  const type = inputs.get(name);
  if (type === undefined) {
    const known = inputs.size === 0 ? "it has none" : `they are ${[...inputs.keys()].join(", ")}`;
    return [{ path: [name], message: `is no input of this flow; ${known}` }];
  }
  if (isDeeper(value, deepest)) return [{ path: [name], message: tooDeep }];
  if (type === "BOOL" && !/^(true|false)$/i.test(String(value))) {
    return [{ path: [name], message: "must be true or false" }];
  }
  return [];
}

/** Past thousands of levels, a value can be read from JSON and no longer be written as it. */
const deepest = 100;
const tooDeep = `must not be nested deeper than ${deepest} levels`;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

async function callTrigger(
  { arena, flows }: RouteServices,
  flow: ExposedFlow,
  key: string,
  body: Body,
): Promise<string | undefined> {
  if (isDeeper(body, deepest)) throw invalidRequest([{ path: [], message: tooDeep }]);
  const outcome = await arena.kestra.webhooks.call({
    namespace: flows.namespaceOf(flow),
    flowId: flow.id,
    key,
    body,
  });
  if (outcome.kind === "started") return outcome.executionId;
  if (outcome.kind === "answered") return undefined;
  const error = "The flow was not started: the condition of its webhook is not met.";
  throw new RouteError(409, { error, code: "conflict" });
}
