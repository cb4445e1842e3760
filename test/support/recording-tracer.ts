import type { SpanLike, TracerLike } from "../../src/kestra/tracing.ts";

/** A span that was closed. */
export interface RecordedSpan {
  name: string;
  attributes: Record<string, string | number>;
  status: { code: number; message?: string } | undefined;
  isEnded: boolean;
}

/** A tracer that keeps what it is told. */
export function recordingTracer(): { tracer: TracerLike; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const tracer: TracerLike = {
    startActiveSpan(name, { attributes = {} }, run) {
      const recorded: RecordedSpan = {
        name,
        attributes: { ...attributes },
        status: undefined,
        isEnded: false,
      };
      spans.push(recorded);
      const span: SpanLike = {
        setAttribute: (key, value) => {
          recorded.attributes[key] = value;
        },
        setStatus: (status) => {
          recorded.status = status;
        },
        end: () => {
          recorded.isEnded = true;
        },
      };
      return run(span);
    },
  };
  return { tracer, spans };
}
