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

/**
 * What a trigger did: it started an execution, or nothing as its condition was not met, or it answered with the flow's
 * outputs (`wait: true`, `returnOutputs: true`).
 */
export type WebhookOutcome =
  | { kind: "started"; executionId: string }
  | { kind: "condition_not_met" }
  | { kind: "answered" };

/** Calls flows' webhook triggers, as whoever the webhook is meant for would. */
export class WebhooksApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Calls a trigger. Sent once: a second call could start a second run.
   *
   * @throws NotFoundError for a flow or key that does not exist; ConflictError on 1.3 when the condition was not met.
   */
  async call({ namespace, flowId, key, body, ...options }: WebhookCall): Promise<WebhookOutcome> {
    const text = await this.#connection.transport.text({
      method: "POST",
      path: `executions/webhook/${segment(namespace)}/${segment(flowId)}/${segment(key)}`,
      body: JSON.stringify(body),
      contentType: "application/json",
      secret: segment(key),
      ...callOptions(options),
    });
    return readOutcome(text);
  }
}

function readOutcome(text: string): WebhookOutcome {
  if (text === "") return { kind: "condition_not_met" };
  try {
    const { id, namespace } = JSON.parse(text) as { id?: unknown; namespace?: unknown };
    if (typeof id === "string" && typeof namespace === "string") {
      return { kind: "started", executionId: id };
    }
  } catch {
    // Not JSON: outputs may be any text.
  }
  return { kind: "answered" };
}
