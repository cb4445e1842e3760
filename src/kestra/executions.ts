import * as z from "zod";
import { isArenaError } from "../errors.ts";
import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import { type ExecutionAction, inlineOutputs } from "./dialect.ts";
import { type FollowFrame, followFrames } from "./follow.ts";
import { type InputPart, multipart } from "./multipart.ts";
import {
  type ExecutionRow,
  executionPage,
  executionSchema,
  type KestraExecution,
  rowPage,
} from "./schemas.ts";
import { type ExecutionFilter, type ExecutionOrder, searchQuery } from "./search.ts";
import type { KestraRequest } from "./transport.ts";
import { type Query, segment } from "./url.ts";

/** What an execution is created with. */
export interface CreateExecution extends CallOptions {
  /** The inputs, as text or files. */
  inputs?: Readonly<Record<string, InputPart>> | undefined;
  /** Its labels. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Starts it then. */
  scheduleAt?: Date | undefined;
  /** Of this revision of the flow. @default the newest */
  revision?: number | undefined;
}

/** One page of a search. */
export interface Page<Item> {
  /** The items of the page. */
  results: Item[];
  /** How many there are on all pages. */
  total: number;
}

/** Which page of a search, and how it is ordered. */
export interface PageOptions extends CallOptions {
  /** From 1. @default 1 */
  page?: number | undefined;
  /** How many items a page holds at the most. @default 100 */
  size?: number | undefined;
  /** @default "newest" */
  order?: ExecutionOrder | undefined;
}

/** Kestra's execution routes, each method one request. */
export class ExecutionsApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Creates an execution. Never tried again by itself: an answer that is lost says nothing about the execution, and on
   * 2.x a 504 comes although it was created.
   */
  async create(
    namespace: string,
    flowId: string,
    options: CreateExecution = {},
  ): Promise<KestraExecution> {
    return this.#connection.transport.json(
      {
        method: "POST",
        path: `executions/${segment(namespace)}/${segment(flowId)}`,
        query: {
          labels: labelList(options.labels),
          // With its zone: Kestra ignores a date without one and runs the flow at once.
          scheduleDate: options.scheduleAt?.toISOString(),
          revision: options.revision,
        },
        ...multipart(options.inputs ?? {}),
        ...callOptions(options),
      },
      executionSchema(),
    );
  }

  /** Checks inputs without starting anything: one entry an input, its errors in words. */
  async validateInputs(
    namespace: string,
    flowId: string,
    inputs: Readonly<Record<string, InputPart>>,
    options: CallOptions = {},
  ): Promise<{ input: string; errors: string[] }[]> {
    const path = `executions/${segment(namespace)}/${segment(flowId)}/validate`;
    const answer = await this.#connection.transport.json(
      { method: "POST", path, retry: true, ...multipart(inputs), ...callOptions(options) },
      validationSchema(),
    );
    return answer.inputs.map(({ input, errors }) => ({
      input: input.id,
      errors: (errors ?? []).map(({ message }) => message),
    }));
  }

  /** One execution. @throws NotFoundError */
  async get(executionId: string, options: CallOptions = {}): Promise<KestraExecution> {
    return this.#connection.transport.json(
      { method: "GET", path: `executions/${segment(executionId)}`, ...callOptions(options) },
      executionSchema(),
    );
  }

  /** One page of the executions that fit. Those of a loop's iterations are not among them. */
  async search(filter: ExecutionFilter, options: PageOptions = {}): Promise<Page<KestraExecution>> {
    return this.#search(filter, options, executionPage());
  }

  /** As {@link ExecutionsApi.search}, reading only ids, states and ends: for those who read thousands. */
  async searchStates(
    filter: ExecutionFilter,
    options: PageOptions = {},
  ): Promise<Page<ExecutionRow>> {
    return this.#search(filter, options, rowPage());
  }

  /**
   * The frames of an execution's stream, as they come. It may break, fall silent, or end before the execution does:
   * whoever reads it has to look for himself.
   */
  follow(executionId: string, signal: AbortSignal, timeoutMs?: number): AsyncIterable<FollowFrame> {
    return followFrames(this.#connection.transport, executionId, signal, timeoutMs);
  }

  /** The outputs of an execution that has ended; `{}` when it has none. */
  async outputs(executionId: string, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const dialect = await this.#connection.dialect(options.signal);
    const request = dialect.outputs(executionId);
    if (request === undefined) return inlineOutputs(await this.get(executionId, options));
    try {
      return await this.#connection.transport.json(
        { method: "GET", ...request, ...callOptions(options) },
        z.record(z.string(), z.unknown()),
      );
    } catch (error) {
      // The answer where there are none, while it runs, and for an unknown execution alike.
      if (isArenaError(error, "not_found")) return {};
      throw error;
    }
  }

  /** The text of a file of Kestra's internal storage. */
  async readFile(executionId: string, uri: string, options: CallOptions = {}): Promise<string> {
    return this.#connection.transport.text(fileRequest(executionId, uri, options));
  }

  /** A file of Kestra's internal storage, its body still to come. */
  async file(executionId: string, uri: string, options: CallOptions = {}): Promise<Response> {
    return this.#connection.transport.stream(fileRequest(executionId, uri, options));
  }

  /** Does something to an execution. Each line has its own path and its own answer, so what is answered is dropped. */
  async act(
    executionId: string,
    action: ExecutionAction,
    options: CallOptions & {
      query?: Query;
      inputs?: Readonly<Record<string, InputPart>>;
      json?: unknown;
    } = {},
  ): Promise<void> {
    await this.#connection.transport.send(await this.#action(executionId, action, options));
  }

  /** Runs a failed execution on; it keeps its id. @returns it, restarted. */
  async restart(
    executionId: string,
    options: CallOptions & { revision?: number | undefined } = {},
  ): Promise<KestraExecution> {
    const query = { revision: options.revision };
    const request = await this.#action(executionId, "restart", { ...options, query });
    return this.#connection.transport.json(request, executionSchema());
  }

  /** Runs an execution anew, as a new one. */
  async replay(
    executionId: string,
    options: CallOptions & { taskRunId?: string | undefined; revision?: number | undefined } = {},
  ): Promise<KestraExecution> {
    const { taskRunId, revision } = options;
    const query = { taskRunId, revision };
    const request = await this.#action(executionId, "replay", { ...options, query });
    return this.#connection.transport.json(request, executionSchema());
  }

  async #action(
    executionId: string,
    action: ExecutionAction,
    options: Parameters<ExecutionsApi["act"]>[2] = {},
  ) {
    const dialect = await this.#connection.dialect(options.signal);
    const { query, inputs, json } = options;
    return {
      ...dialect.action(executionId, action),
      ...(query !== undefined && { query }),
      ...(inputs !== undefined && multipart(inputs)),
      ...(json !== undefined && { body: JSON.stringify(json), contentType: "application/json" }),
      ...callOptions(options),
    };
  }

  async #search<Item>(
    filter: ExecutionFilter,
    { page: number = 1, size = 100, order = "newest", ...options }: PageOptions,
    schema: z.ZodType<Page<Item>>,
  ): Promise<Page<Item>> {
    return this.#connection.transport.json(
      {
        method: "GET",
        path: "executions/search",
        query: searchQuery(filter, { page: number, size, order }),
        ...callOptions(options),
      },
      schema,
    );
  }
}

/**
 * A file that a subflow made belongs to its own execution; asked for by another, Kestra redirects there. The owner stands
 * in the URI: `kestra:///<namespace>/<flow>/executions/<id>/tasks/…`.
 */
function fileRequest(executionId: string, uri: string, options: CallOptions): KestraRequest {
  const [, owner = executionId] = /\/executions\/([^/]+)\//.exec(uri) ?? [];
  return {
    method: "GET",
    path: `executions/${segment(owner)}/file`,
    query: { path: uri },
    accept: "*/*",
    ...callOptions(options),
  };
}

function labelList(labels: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}:${value}`);
}

const validationSchema = () =>
  z.object({
    inputs: z.array(
      z.object({
        input: z.object({ id: z.string() }),
        errors: z.array(z.object({ message: z.string() })).nullish(),
      }),
    ),
  });
