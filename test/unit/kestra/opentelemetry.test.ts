import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import { KestraArenaClient, type TracerLike } from "../../../src/index.ts";

it("OpenTelemetry's own tracer fits, without the package depending on it", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer: TracerLike = provider.getTracer("test");
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    tracer,
    retries: 0,
    fetch: async () => new Response("", { status: 503 }),
  });
  await client.kestra.executions.get("x").catch(() => {});
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    name: "kestra GET",
    kind: SpanKind.CLIENT,
    status: { code: SpanStatusCode.ERROR, message: expect.stringContaining("503") },
    attributes: { "http.request.method": "GET", "http.response.status_code": 503 },
  });
});

it("the tracer of the API alone, with no SDK behind it, fits too", async () => {
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    tracer: trace.getTracer("test"),
    retries: 0,
    fetch: async () => new Response("", { status: 503 }),
  });
  await expect(client.kestra.executions.get("x")).rejects.toMatchObject({ status: 503 });
});
