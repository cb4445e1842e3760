import type * as z from "zod";
import { describeIssue } from "../errors/input-errors.ts";
import { zodIssues } from "../errors/zod-issues.ts";
import type { ArenaError, RequestSummary } from "../errors.ts";
import { endingResponse, linkStream, readErrorBody } from "./body.ts";
import { type Deadline, sleep, startDeadline, waitFor, withDeadline } from "./deadline.ts";
import { answerError, connectionError, outOfTime, unreadableAnswer } from "./failures.ts";
import { createRedactor, type Redact } from "./redact.ts";
import type { KestraRequest } from "./request.ts";
import { pauseBeforeRetryMs } from "./retries.ts";
import {
  markFailure,
  type SpanLike,
  type TracerLike,
  type TransportHooks,
  traced,
} from "./tracing.ts";
import { tenantUrl, withQuery } from "./url.ts";

export type { KestraRequest } from "./request.ts";
export type { SpanLike, TracerLike, TransportHooks } from "./tracing.ts";

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

/** A request with what ends it: its caller or its deadline. */
type SignalledRequest = KestraRequest & { signal: AbortSignal };

/**
 * Sends requests to one Kestra server: authentication, retries of reads until their body is there, one total deadline,
 * errors without secrets. Written on `fetch` itself, because no client of it tries a read again whose body broke off,
 * and because what may be sent twice is what this package is about.
 */
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
      const parsed = schema.safeParse(parseJson(await response.text(), response));
      if (parsed.success) return parsed.data;
      const what = describeIssue(zodIssues(parsed.error)[0]);
      throw unreadableAnswer(this.summarise(request), response, this.redact(what));
    });
  }

  /** The answer's text. */
  async text(request: KestraRequest): Promise<string> {
    return this.#exchange({ accept: "*/*", ...request }, (response) => response.text());
  }

  /** Sends, and drops what is answered; it is read to its end, so that the connection can be used again. */
  async send(request: KestraRequest): Promise<void> {
    await this.text(request);
  }

  /**
   * The answer with its body still to come. The time-out ends with the headers; after that only `signal` ends it, so
   * the caller has to read the body, cancel it, or abort.
   */
  async stream(request: KestraRequest): Promise<Response> {
    request.signal?.throwIfAborted();
    const timeoutMs = request.timeoutMs ?? this.#settings.requestTimeoutMs;
    const deadline = startDeadline(timeoutMs, request.signal);
    const link = linkStream(deadline, request.signal);
    const linked = { ...request, signal: link.signal };
    try {
      const response = await this.#call(linked, deadline, timeoutMs, async (answer) => answer);
      link.release();
      return endingResponse(response, link.clear, (error) => this.failure(error, linked));
    } catch (error) {
      link.clear();
      throw request.signal?.aborted ? request.signal.reason : error;
    } finally {
      deadline.clear();
    }
  }

  /** The error for what broke while a stream was read. */
  failure(error: unknown, request: KestraRequest): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    return connectionError(error, this.summarise(request), this.#redactor(request));
  }

  /** What an error may say of a request. */
  summarise(request: KestraRequest): RequestSummary {
    return { method: request.method, url: this.#redactor(request)(this.#url(request)) };
  }

  async #exchange<Value>(
    request: KestraRequest,
    read: (response: Response) => Promise<Value>,
  ): Promise<Value> {
    const timeoutMs = request.timeoutMs ?? this.#settings.requestTimeoutMs;
    return withDeadline(timeoutMs, request.signal, (deadline) =>
      this.#call({ ...request, signal: deadline.signal }, deadline, timeoutMs, read),
    );
  }

  /** All tries of a call. */
  async #call<Value>(
    request: SignalledRequest,
    deadline: Deadline,
    timeoutMs: number,
    read: (response: Response) => Promise<Value>,
  ): Promise<Value> {
    const summary = this.summarise(request);
    const isRetried = request.retry ?? request.method === "GET";
    const limit = isRetried ? this.#settings.retries : 0;
    let last: ArenaError | undefined;
    return traced(this.#settings.tracer, summary, async (span) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.#try(request, summary, attempt, read, span);
        } catch (error) {
          if (deadline.hasExpired) last = outOfTime(summary, timeoutMs, last);
          else if (deadline.signal.aborted) throw deadline.signal.reason;
          else last = connectionError(error, summary, this.#redactor(request));
        }
        const pauseMs = attempt > limit ? undefined : pauseBeforeRetryMs(last, attempt);
        // No use to wait for what would come too late: the failure itself says more than a time-out.
        if (pauseMs === undefined || pauseMs >= deadline.leftMs) {
          markFailure(span, last);
          throw last;
        }
        await sleep(pauseMs, deadline.signal);
      }
    });
  }

  async #try<Value>(
    request: SignalledRequest,
    summary: RequestSummary,
    attempt: number,
    read: (response: Response) => Promise<Value>,
    span: SpanLike | undefined,
  ): Promise<Value> {
    const { fetch = globalThis.fetch, hooks } = this.#settings;
    const startedAt = performance.now();
    hooks?.onRequest?.({ ...summary, attempt });
    let response: Response;
    try {
      const { method, signal, body } = request;
      const headers = this.#headers(request);
      // A redirect would turn a POST into a GET, and could lead to a page for people.
      const init: RequestInit = { method, headers, signal, redirect: "manual" };
      const sending = fetch(this.#url(request), body === undefined ? init : { ...init, body });
      // A fetch of the caller's own may not listen to the signal.
      response = await waitFor(sending, request.signal);
    } catch (error) {
      const failure = connectionError(error, summary, this.#redactor(request));
      const durationMs = performance.now() - startedAt;
      hooks?.onError?.({ ...summary, attempt, message: failure.message, durationMs });
      throw failure;
    }
    const { status } = response;
    hooks?.onResponse?.({ ...summary, attempt, status, durationMs: performance.now() - startedAt });
    if (response.ok) {
      span?.setAttribute("http.response.status_code", status);
      return waitFor(read(response), request.signal);
    }
    const text = await readErrorBody(response, request.signal);
    throw answerError(response, text, summary, this.#redactor(request));
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

  #redactor({ secret }: KestraRequest): Redact {
    if (secret === undefined) return this.redact;
    return (text) => this.redact(text).replaceAll(secret, "[redacted]");
  }
}

/** An answer that calls itself JSON and is none broke off. Anything else is not Kestra's at all. */
function parseJson(text: string, response: Response): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/json/i.test(response.headers.get("content-type") ?? "")) return undefined;
    throw new Error("the answer broke off");
  }
}
