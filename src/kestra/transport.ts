import type * as z from "zod";
import { describeIssue } from "../errors/input-errors.ts";
import { zodIssues } from "../errors/zod-issues.ts";
import type { ArenaError } from "../errors.ts";
import { endingResponse, linkStream, readErrorBody } from "./body.ts";
import { type Deadline, sleep, startDeadline, withDeadline } from "./deadline.ts";
import { answerError, connectionError, outOfTime, unreadableAnswer } from "./failures.ts";
import { OutgoingRequest } from "./outgoing.ts";
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

/** What ends a call. */
interface Limits {
  /** The call's own. */
  readonly deadline: Deadline;
  /** As long as it was. */
  readonly timeoutMs: number;
  /** For fetch: it may outlive the deadline. */
  readonly signal: AbortSignal;
}

/** Reads a good answer. */
type Reader<Value> = (response: Response, outgoing: OutgoingRequest) => Promise<Value>;

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
  json<Value>(request: KestraRequest, schema: z.ZodType<Value>): Promise<Value> {
    return this.#exchange(request, async (response, outgoing) => {
      const parsed = schema.safeParse(parseJson(await response.text(), response));
      if (parsed.success) return parsed.data;
      const what = describeIssue(zodIssues(parsed.error)[0]);
      throw unreadableAnswer(outgoing, response, what);
    });
  }

  /** The answer's text. */
  text(request: KestraRequest): Promise<string> {
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
    try {
      const within = { deadline, timeoutMs, signal: link.signal };
      const response = await this.#call(request, within, async (answer) => answer);
      link.release();
      return endingResponse(response, link.clear, (error) => this.failure(error, request));
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
    return connectionError(error, this.#outgoing(request));
  }

  #exchange<Value>(request: KestraRequest, read: Reader<Value>): Promise<Value> {
    const timeoutMs = request.timeoutMs ?? this.#settings.requestTimeoutMs;
    return withDeadline(timeoutMs, request.signal, (deadline) =>
      this.#call(request, { deadline, timeoutMs, signal: deadline.signal }, read),
    );
  }

  /** All tries of a call. */
  async #call<Value>(request: KestraRequest, within: Limits, read: Reader<Value>): Promise<Value> {
    const outgoing = this.#outgoing(request);
    const { deadline, timeoutMs } = within;
    const isRetried = request.retry ?? request.method === "GET";
    const limit = isRetried ? this.#settings.retries : 0;
    let last: ArenaError | undefined;
    return traced(this.#settings.tracer, outgoing, async (span) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.#try(outgoing, within, attempt, read, span);
        } catch (error) {
          if (deadline.hasExpired) last = outOfTime(outgoing, timeoutMs, last);
          else if (deadline.signal.aborted) throw deadline.signal.reason;
          else last = connectionError(error, outgoing);
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
    outgoing: OutgoingRequest,
    { deadline, signal }: Limits,
    attempt: number,
    read: Reader<Value>,
    span: SpanLike | undefined,
  ): Promise<Value> {
    const { fetch = globalThis.fetch, hooks } = this.#settings;
    const startedAt = performance.now();
    hooks?.onRequest?.({ ...outgoing.summary, attempt });
    let response: Response;
    try {
      const { method, body } = outgoing.request;
      const headers = this.#headers(outgoing.request);
      // A redirect would turn a POST into a GET, and could lead to a page for people.
      const init: RequestInit = { method, headers, signal, redirect: "manual" };
      const sending = fetch(outgoing.url, body === undefined ? init : { ...init, body });
      // A fetch of the caller's own may not listen to the signal.
      response = await deadline.race(sending);
    } catch (error) {
      const failure = connectionError(error, outgoing);
      const durationMs = performance.now() - startedAt;
      hooks?.onError?.({ ...outgoing.summary, attempt, message: failure.message, durationMs });
      throw failure;
    }
    const { status } = response;
    const durationMs = performance.now() - startedAt;
    hooks?.onResponse?.({ ...outgoing.summary, attempt, status, durationMs });
    if (response.ok) {
      span?.setAttribute("http.response.status_code", status);
      return deadline.race(read(response, outgoing));
    }
    const text = await readErrorBody(response, signal);
    throw answerError(response, text, outgoing);
  }

  #outgoing(request: KestraRequest): OutgoingRequest {
    const { url, tenant } = this.#settings;
    const address = withQuery(tenantUrl(url, tenant, request.path), request.query);
    return new OutgoingRequest(request, address, this.redact);
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
