import type { FlowAddOn, ValueSource } from "./add-on.ts";
import { type AddOnOccasion, deliver } from "./delivery.ts";
import { readSource } from "./value-source.ts";

/** What {@link alertWebhook} sends, and where. */
export interface AlertWebhookOptions {
  /** Where Kestra finds the URL. @default { secret: "ALERT_WEBHOOK_URL" } */
  url?: ValueSource | undefined;
  /** Where Kestra finds a token that is sent as `Authorization: Bearer`. @default none is sent */
  token?: ValueSource | undefined;
  /** After which ends of an execution it is sent. @default "failure" */
  on?: AddOnOccasion | undefined;
  /** The flows that it can be added to. @default any */
  flows?: readonly string[] | undefined;
}

/**
 * Posts how an execution ended to a webhook, as JSON: `flow_id`, `namespace`, `execution_id`, `state`, `reason` (the
 * last line of its error log; absent when there is none) and `outputs`.
 *
 * @throws InputError for a name that is none.
 */
export function alertWebhook(options: AlertWebhookOptions = {}): FlowAddOn {
  const name = "alert_webhook";
  const { url = { secret: "ALERT_WEBHOOK_URL" }, token, on = "failure", flows } = options;
  return {
    name,
    flows,
    afterExecution: [
      deliver({
        id: name,
        description:
          "Posts how the execution ended to a webhook. Whatever comes of it changes nothing else.",
        on,
        uri: readSource(name, "url", url),
        ...(token !== undefined && {
          headers: { Authorization: `Bearer ${readSource(name, "token", token)}` },
        }),
        body,
      }),
    ],
  };
}

const body = `{{ {
  'flow_id': flow.id,
  'namespace': flow.namespace,
  'execution_id': execution.id,
  'state': execution.state ~ '',
  'reason': (errorLogs() | length) == 0 ? null : (errorLogs() | jq('last.message') | first),
  'outputs': execution.outputs ?? {}
} | toJson }}
`;
