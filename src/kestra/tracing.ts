import { type ArenaError, KestraError, type RequestSummary } from "../errors.ts";
import type { OutgoingRequest } from "./outgoing.ts";

/** Hooks around each request that is sent, a try each. They see no credential. */
export interface TransportHooks {
  /** Called before a request is sent; `attempt` counts from 1. */
  onRequest?(request: RequestSummary & { attempt: number }): void;
  /** Called when an answer has come, an error's too. */
  onResponse?(
    response: RequestSummary & { attempt: number; status: number; durationMs: number },
  ): void;
  /** Called when no answer came. */
  onError?(
    failure: RequestSummary & { attempt: number; message: string; durationMs: number },
  ): void;
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
    options: { kind?: number; attributes?: Record<string, string | number> },
    run: (span: SpanLike) => Result,
  ): Result;
}

/** OpenTelemetry's `SpanKind.CLIENT` and `SpanStatusCode.ERROR`: the API itself is not needed for two numbers. */
const clientSpan = 2;
const errorStatus = 2;

/** Runs a call in a span of its own, all its tries included, when there is a tracer. */
export function traced<Value>(
  tracer: TracerLike | undefined,
  outgoing: OutgoingRequest,
  run: (span: SpanLike | undefined) => Promise<Value>,
): Promise<Value> {
  if (tracer === undefined) return run(undefined);
  const { method, url } = outgoing.summary;
  const attributes = { "http.request.method": method, "url.full": url };
  return tracer.startActiveSpan(`kestra ${method}`, { kind: clientSpan, attributes }, (span) =>
    run(span).finally(() => span.end()),
  );
}

/** Notes in a span how its call failed. */
export function markFailure(span: SpanLike | undefined, error: ArenaError): void {
  if (span === undefined) return;
  span.setAttribute("error.type", error.code);
  if (error instanceof KestraError) span.setAttribute("http.response.status_code", error.status);
  span.setStatus({ code: errorStatus, message: error.message });
}
