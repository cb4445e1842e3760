import { InputError } from "../../errors.ts";
import type { FlowTask } from "./add-on.ts";

/** After which ends of an execution something is sent. */
export type AddOnOccasion = "failure" | "success" | "end";

const states: Record<Exclude<AddOnOccasion, "end">, string> = {
  failure: "['FAILED', 'KILLED', 'CANCELLED']",
  success: "['SUCCESS', 'WARNING']",
};

/** The `runIf` for an occasion. */
export function runIf(addOn: string, occasion: AddOnOccasion): Record<string, string> {
  if (occasion === "end") return {};
  if (!Object.hasOwn(states, occasion)) {
    const message = 'must be "failure", "success" or "end"';
    throw new InputError(`Add-on ${addOn}`, [{ path: ["on"], message }]);
  }
  // The state is no text to `contains` until it is joined to one.
  return { runIf: `{{ ${states[occasion]} contains (execution.state ~ '') }}` };
}

/** What a delivery sends, and where. */
export interface Delivery {
  /** The id of its tasks. */
  id: string;
  /** What it is for, in a sentence. */
  description: string;
  /** After which ends of an execution. */
  on: AddOnOccasion;
  /** The expression of the URL. */
  uri: string;
  /** The expression of the headers, when there are any. */
  headers?: Readonly<Record<string, string>>;
  /** The expression of the JSON body. */
  body: string;
}

/**
 * The task that posts JSON to a webhook.
 *
 * A `Download`, since the outputs of a `Request` hold its URL, which is the secret of most webhooks. The task that is
 * retried stands alone in a sequence, since Kestra 2.0.0 runs it twice otherwise; and it may fail, so that what comes
 * after it still runs.
 */
export function deliver(delivery: Delivery): FlowTask {
  const { id, description, on, uri, headers, body } = delivery;
  return {
    id,
    description,
    type: "io.kestra.plugin.core.flow.Sequential",
    ...runIf(id, on),
    tasks: [
      {
        id: `${id}_send`,
        type: "io.kestra.plugin.core.http.Download",
        method: "POST",
        uri,
        ...(headers !== undefined && { headers }),
        contentType: "application/json",
        body,
        failOnEmptyResponse: false,
        options: { timeout: { connectTimeout: "PT5S", readIdleTimeout: "PT15S" } },
        retry: { type: "constant", interval: "PT2S", maxAttempts: 3 },
        // What it logs below that of an empty answer holds the URL.
        logLevel: "ERROR",
        allowFailure: true,
      },
    ],
  };
}
