import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import { segment } from "./url.ts";

/** Which webhook trigger is called. */
export interface WebhookCall extends CallOptions {
  /** The flow's namespace. */
  namespace: string;
  /** The flow. */
  flowId: string;
  /** The trigger's key, which is its secret. */
  key: string;
  /** What the flow gets as `trigger.body`, as JSON. */
  body: unknown;
}

/** Calls flows' webhook triggers, as whoever the webhook is meant for would. */
export class WebhooksApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Calls a trigger. Sent once: a second call could start a second run.
   *
   * @returns The id of the execution that it started; `undefined` when the trigger's condition was not met, or when it
   * answers with the flow's outputs instead.
   * @throws NotFoundError for a flow or key that does not exist; ConflictError on 1.3 when the condition was not met.
   */
  async call({
    namespace,
    flowId,
    key,
    body,
    ...options
  }: WebhookCall): Promise<string | undefined> {
    const text = await this.#connection.transport.text({
      method: "POST",
      path: `executions/webhook/${segment(namespace)}/${segment(flowId)}/${segment(key)}`,
      body: JSON.stringify(body),
      contentType: "application/json",
      secret: segment(key),
      ...callOptions(options),
    });
    return executionId(text);
  }
}

function executionId(text: string): string | undefined {
  try {
    const { id, namespace } = JSON.parse(text) as { id?: unknown; namespace?: unknown };
    return typeof id === "string" && typeof namespace === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
