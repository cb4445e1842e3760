import * as z from "zod";
import { isArenaError } from "../errors.ts";
import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import { segment } from "./url.ts";

/** A namespace's key-value store. */
export class KvApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The value of a key; `undefined` when there is none or it has expired. */
  async get(namespace: string, key: string, options: CallOptions = {}): Promise<unknown> {
    try {
      const { value } = await this.#connection.transport.json(
        { method: "GET", path: path(namespace, key), ...callOptions(options) },
        z.object({ value: z.unknown() }),
      );
      return value;
    } catch (error) {
      const hasExpired = isArenaError(error, "kestra") && error.status === 410;
      if (hasExpired || isArenaError(error, "not_found")) return undefined;
      throw error;
    }
  }

  /**
   * Stores any value of JSON.
   *
   * @param ttl - How long it is kept, as an ISO duration (`PT1H`). For ever when left out.
   */
  async set(
    namespace: string,
    key: string,
    value: unknown,
    { ttl, ...options }: CallOptions & { ttl?: string } = {},
  ): Promise<void> {
    await this.#connection.transport.send({
      method: "PUT",
      path: path(namespace, key),
      // JSON as text: a JSON content type is refused, and without the quotes "42" would come back as a number.
      body: JSON.stringify(value),
      contentType: "text/plain",
      ...(ttl !== undefined && { headers: { ttl } }),
      retry: true,
      ...callOptions(options),
    });
  }

  /** Takes a key away. True when there was one. */
  async delete(namespace: string, key: string, options: CallOptions = {}): Promise<boolean> {
    return this.#connection.transport.json(
      { method: "DELETE", path: path(namespace, key), ...callOptions(options) },
      z.boolean(),
    );
  }
}

function path(namespace: string, key: string): string {
  return `namespaces/${segment(namespace)}/kv/${segment(key)}`;
}
