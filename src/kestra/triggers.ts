import * as z from "zod";
import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { TriggerState } from "./dialect.ts";
import { page } from "./schemas.ts";

/** Which trigger of which flow. */
export interface TriggerId {
  /** The flow's namespace. */
  namespace: string;
  /** The flow. */
  flowId: string;
  /** The trigger in the flow. */
  triggerId: string;
}

/** Kestra's trigger routes. Webhook triggers are not among them. */
export class TriggersApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The triggers of a namespace, or of one flow in it. */
  async list(
    { namespace, flowId }: { namespace: string; flowId?: string | undefined },
    options: CallOptions = {},
  ): Promise<TriggerState[]> {
    const dialect = await this.#connection.dialect(options.signal);
    const size = 500;
    const found: TriggerState[] = [];
    for (let number = 1; ; number += 1) {
      const { results, total } = await this.#connection.transport.json(
        {
          method: "GET",
          path: "triggers/search",
          query: {
            page: number,
            size,
            "filters[namespace][EQUALS]": namespace,
            "filters[flowId][EQUALS]": flowId,
          },
          ...callOptions(options),
        },
        page(z.unknown()),
      );
      for (const row of results) {
        const trigger = dialect.trigger(row);
        if (trigger !== undefined) found.push(trigger);
      }
      if (results.length === 0 || number * size >= total) return found;
    }
  }

  /** Switches a trigger off or on. The one route that works on both lines and loses no planned date. */
  async setDisabled(
    trigger: TriggerId,
    disabled: boolean,
    options: CallOptions = {},
  ): Promise<void> {
    const { namespace, flowId, triggerId } = trigger;
    await this.#connection.transport.send({
      method: "POST",
      path: "triggers/set-disabled/by-triggers",
      body: JSON.stringify({ triggers: [{ namespace, flowId, triggerId }], disabled }),
      contentType: "application/json",
      retry: true,
      ...callOptions(options),
    });
  }
}
