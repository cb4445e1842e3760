import type * as z from "zod";
import type { RequestSummary } from "../errors.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { toArenaError, unreadableAnswer } from "./failures.ts";
import { createRedactor, type Redact } from "./redact.ts";
import { type Query, tenantUrl, withQuery } from "./url.ts";

/** Hooks around each request that is sent, a try each. They see no credential. */
export interface TransportHooks {
  /** Called before a request is sent; `attempt` counts from 1. */
  onRequest?(request: RequestSummary & { attempt: number }): void;
  /** Called when an answer has come. */
  onResponse?(response: RequestSummary & { status: number; durationMs: number }): void;
}

/** A span, as OpenTelemetry's API has it. */
export interface SpanLike {
  /** Adds a fact. */
  setAttribute(name: string, value: string | number): unknown;
  /** Says how it went; code 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Closes it. */
  end(): void;
}

/** A tracer, as OpenTelemetry's API has it: `trace.getTracer("my-app")` fits. */
export interface TracerLike {
  /** Opens a span and makes it the active one while `run` runs. */
  startActiveSpan<Result>(
    name: string,
    options: { attributes?: Record<string, string | number> },
    run: (span: SpanLike) => Result,
  ): Result;
}

/** All that a {@link Transport} has to know. */
export interface TransportSettings {
  /** Kestra's base URL, without a slash at its end. */
  url: string;
  /** The tenant. */
  tenant: string;
  /** The `authorization` header; `undefined` for none. */
  authorization: string | undefined;
  /** What must never show. */
  secrets: readonly string[];
  /** Sent with each request. */
  headers: Readonly<Record<string, string>>;
  /** How often a read is tried again. */
  retries: number;
  /** The whole time of one call, its retries included. */
  requestTimeoutMs: number;
  /** Replaces the global `fetch`. */
  fetch: typeof globalThis.fetch | undefined;
  /** Called around each request. */
  hooks: TransportHooks | undefined;
  /** Gets a span a call. */
  tracer: TracerLike | undefined;
}

/** A request, before it is sent. */
export interface KestraRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** The path below the tenant (`executions/search`), or from the root when it begins with a slash. */
  path: string;
  /** The query. */
  query?: Query;
  /** The body. */
  body?: string | FormData;
  /** Its content type; `FormData` brings its own. */
  contentType?: string;
  /** More headers. */
  headers?: Readonly<Record<string, string>>;
  /** What answers are taken. @default "application/json" */
  accept?: string;
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
  /** The whole time of this call, its retries included. @default the client's `requestTimeoutMs` */
  timeoutMs?: number | undefined;
  /** False where somebody else does the retrying, or where a second try could do harm. @default true for a GET */
  retry?: boolean;
  /** A part of the path that must not show in an error or to a hook, such as a webhook's key. */
  secret?: string;
}

/** Sends requests to one Kestra server: authentication, retries of reads, one total deadline, errors without secrets. */
export class Transport {
  readonly #settings: TransportSettings;
  /** Takes credentials out of a text. */
  readonly redact: Redact;

  constructor(settings: TransportSettings) {
    this.#settings = settings;
    this.redact = createRedactor(settings.secrets);
  }

  /** Kestra's base URL. */
  get url(): string {
    return this.#settings.url;
  }

  /** The answer's JSON, checked. */
  async json<Value>(request: KestraRequest, schema: z.ZodType<Value>): Promise<Value> {
    return this.#exchange(request, async (response) => {
      const text = await response.text();
      const parsed = schema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      const where = issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
      throw unreadableAnswer(this.summarise(request), response, this.redact(where));
    });
  }

  /** The answer's text. */
  async text(request: KestraRequest): Promise<string> {
    return this.#exchange({ accept: "*/*", ...request }, (response) => response.text());
  }

  /** Sends, and drops what is answered. */
  async send(request: KestraRequest): Promise<void> {
    await this.#exchange({ accept: "*/*", ...request }, (response) => response.body?.cancel());
  }

  /**
   * The answer with its body still to come. The time-out ends with the headers; after that only `signal` ends it, so
   * the caller has to read the body, cancel it, or abort.
   */
  async stream(request: KestraRequest): Promise<Response> {
    const controller = new AbortController();
    const { signal } = request;
    const onAbort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await this.#exchange(request, async (response) => response, controller);
    } catch (error) {
      signal?.removeEventListener("abort", onAbort);
      throw error;
    }
  }

  /** The error for what broke while a stream was read. */
  failure(error: unknown, request: KestraRequest): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    return toArenaError(error, this.summarise(request), {
      redact: this.redact,
      timeoutMs: undefined,
    });
  }

  /** What an error may say of a request. */
  summarise(request: KestraRequest): RequestSummary {
    const url = this.redact(this.#url(request));
    const { method, secret } = request;
    return { method, url: secret === undefined ? url : url.replaceAll(secret, "[redacted]") };
  }

  async #exchange<Value>(
    request: KestraRequest,
    read: (response: Response) => Promise<Value> | undefined,
    stream?: AbortController,
  ): Promise<Value> {
    const timeoutMs = request.timeoutMs ?? this.#settings.requestTimeoutMs;
    const deadline = startDeadline(timeoutMs, request.signal);
    if (stream !== undefined) forward(deadline, stream);
    try {
      return await this.#traced(request, async () => {
        const response = await this.#send(request, stream?.signal ?? deadline.signal);
        return (await read(response)) as Value;
      });
    } catch (error) {
      request.signal?.throwIfAborted();
      throw toArenaError(error, this.summarise(request), {
        redact: this.redact,
        timeoutMs: deadline.hasExpired ? timeoutMs : undefined,
      });
    } finally {
      deadline.clear();
    }
  }

  async #send(request: KestraRequest, signal: AbortSignal): Promise<Response> {
    // ky is loaded at the first request, so that importing the package costs nothing of it.
    const { default: ky } = await import("ky");
    const { fetch, retries, hooks } = this.#settings;
    const isRetried = request.retry ?? request.method === "GET";
    const summary = this.summarise(request);
    let sentAt = 0;
    return ky(this.#url(request), {
      method: request.method,
      headers: this.#headers(request),
      signal,
      // The deadline above is one total; ky's own would be one a try.
      timeout: false,
      retry: {
        limit: isRetried ? retries : 0,
        methods: ["get", "put", "delete", "post"],
        statusCodes: [408, 429, 500, 502, 503, 504],
        afterStatusCodes: [429, 503],
        backoffLimit: 5_000,
        jitter: (delayMs) => delayMs * (0.5 + Math.random() / 2),
      },
      ...(request.body !== undefined && { body: request.body }),
      ...(fetch !== undefined && { fetch: fetch as typeof globalThis.fetch }),
      ...(hooks !== undefined && {
        hooks: {
          beforeRequest: [
            () => {
              sentAt = performance.now();
              hooks.onRequest?.({ ...summary, attempt: 1 });
            },
          ],
          beforeRetry: [
            ({ retryCount }) => {
              sentAt = performance.now();
              hooks.onRequest?.({ ...summary, attempt: retryCount + 1 });
            },
          ],
          afterResponse: [
            ({ response }) => {
              const durationMs = performance.now() - sentAt;
              hooks.onResponse?.({ ...summary, status: response.status, durationMs });
            },
          ],
        },
      }),
    });
  }

  #headers(request: KestraRequest): Record<string, string> {
    const { authorization, headers } = this.#settings;
    return {
      ...headers,
      ...request.headers,
      accept: request.accept ?? "application/json",
      ...(request.contentType !== undefined && { "content-type": request.contentType }),
      ...(authorization !== undefined && { authorization }),
    };
  }

  #url(request: KestraRequest): string {
    const { url, tenant } = this.#settings;
    return withQuery(tenantUrl(url, tenant, request.path), request.query);
  }

  #traced<Value>(request: KestraRequest, run: () => Promise<Value>): Promise<Value> {
    const { tracer } = this.#settings;
    if (tracer === undefined) return run();
    const { method, url } = this.summarise(request);
    const attributes = { "http.request.method": method, "url.full": url };
    return tracer.startActiveSpan(`kestra ${method}`, { attributes }, async (span) => {
      try {
        return await run();
      } catch (error) {
        const message = this.redact(error instanceof Error ? error.message : String(error));
        span.setStatus({ code: 2, message });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

/** A stream outlives the deadline of its headers, so the deadline may end it only until then. */
function forward(deadline: Deadline, stream: AbortController): void {
  const onAbort = () => stream.abort(deadline.signal.reason);
  if (deadline.signal.aborted) onAbort();
  else deadline.signal.addEventListener("abort", onAbort, { once: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
