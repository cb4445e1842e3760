import * as z from "zod";
import { isArenaError } from "../errors.ts";
import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { Page } from "./executions.ts";
import { flowSchema, flowValidationSchema, page } from "./schemas.ts";
import { segment } from "./url.ts";

/** A flow as Kestra answers it. */
export interface KestraFlow {
  /** Its id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Its revision, from 1. */
  revision?: number | undefined;
  /** True when it cannot be started. */
  disabled?: boolean | undefined;
  /** Its YAML, comments and all, where it was asked for. */
  source?: string | undefined;
}

/** What Kestra's validation says of a flow. */
export interface FlowValidation {
  /** Why it is bad, in Kestra's words; `undefined` when it is good. */
  constraints?: string | undefined;
  /** What may be wrong. */
  warnings: string[];
  /** What is worth knowing. */
  infos: string[];
  /** Where it uses something deprecated. */
  deprecationPaths: string[];
}

/** 2.x refuses `application/yaml`. */
const yamlType = "application/x-yaml";

/**
 * Kestra's flow routes, one flow a call. The bulk routes are left out on purpose: by default they delete every flow that
 * they are not given.
 */
export class FlowsApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A flow with its source. @throws NotFoundError */
  async get(namespace: string, flowId: string, options: CallOptions = {}): Promise<KestraFlow> {
    return this.#connection.transport.json(
      {
        method: "GET",
        path: `flows/${segment(namespace)}/${segment(flowId)}`,
        query: { source: true },
        ...callOptions(options),
      },
      flowSchema(),
    );
  }

  /** As {@link FlowsApi.get}; `undefined` when there is no such flow. */
  async find(
    namespace: string,
    flowId: string,
    options: CallOptions = {},
  ): Promise<KestraFlow | undefined> {
    try {
      return await this.get(namespace, flowId, options);
    } catch (error) {
      if (isArenaError(error, "not_found")) return undefined;
      throw error;
    }
  }

  /** One page of a namespace's flows. */
  async search(
    namespace: string,
    {
      page: number = 1,
      size = 100,
      ...options
    }: CallOptions & { page?: number; size?: number } = {},
  ): Promise<Page<KestraFlow>> {
    return this.#connection.transport.json(
      {
        method: "GET",
        path: "flows/search",
        query: {
          page: number,
          size,
          "filters[namespace][EQUALS]": namespace,
        },
        ...callOptions(options),
      },
      page(flowSchema()),
    );
  }

  /** Creates a flow. @throws ConflictError, or KestraError on 1.3, when it exists. */
  async create(source: string, options: CallOptions = {}): Promise<KestraFlow> {
    return this.#connection.transport.json(
      {
        method: "POST",
        path: "flows",
        body: source,
        contentType: yamlType,
        ...callOptions(options),
      },
      flowSchema(),
    );
  }

  /** Updates a flow. The same source again makes no new revision. @throws NotFoundError */
  async update(
    namespace: string,
    flowId: string,
    source: string,
    options: CallOptions = {},
  ): Promise<KestraFlow> {
    return this.#connection.transport.json(
      {
        method: "PUT",
        path: `flows/${segment(namespace)}/${segment(flowId)}`,
        body: source,
        contentType: yamlType,
        // An identical PUT makes no revision, so a second try does no harm.
        retry: true,
        ...callOptions(options),
      },
      flowSchema(),
    );
  }

  /** Deletes a flow. @throws NotFoundError */
  async delete(namespace: string, flowId: string, options: CallOptions = {}): Promise<void> {
    const path = `flows/${segment(namespace)}/${segment(flowId)}`;
    await this.#connection.transport.send({ method: "DELETE", path, ...callOptions(options) });
  }

  /** What Kestra says of a source, without storing it. */
  async validate(source: string, options: CallOptions = {}): Promise<FlowValidation> {
    const [first] = await this.#connection.transport.json(
      {
        method: "POST",
        path: "flows/validate",
        body: source,
        contentType: yamlType,
        retry: true,
        ...callOptions(options),
      },
      z.array(flowValidationSchema()),
    );
    return first ?? { warnings: [], infos: [], deprecationPaths: [] };
  }

  /** True for the error that {@link FlowsApi.create} throws when the flow exists. */
  async saysExists(error: unknown): Promise<boolean> {
    return (await this.#connection.dialect()).saysFlowExists(error);
  }
}
