import { executionSchema, type KestraExecution } from "./schemas.ts";
import type { Transport } from "./transport.ts";
import { segment } from "./url.ts";

/** One frame of an execution's stream. */
export interface FollowFrame {
  /** `start` is a stub that holds the id only; `end` is the last one. */
  kind: "start" | "progress" | "end" | "other";
  /** The frame's text, still to be decoded: a reader that waits for the end decodes one frame of hundreds. */
  data: string;
}

/**
 * The frames of an execution's stream, the same on both lines: `id:` holds the kind, there is no event name and no
 * heartbeat, and `Last-Event-ID` is not read.
 *
 * @throws ConnectionError when it breaks. An unknown id is answered by 200, `start`, and a break after 10 s.
 */
export async function* followFrames(
  transport: Transport,
  executionId: string,
  signal: AbortSignal,
  timeoutMs?: number,
): AsyncGenerator<FollowFrame, void, undefined> {
  const { createParser } = await import("eventsource-parser");
  const request = {
    method: "GET",
    path: `executions/${segment(executionId)}/follow`,
    accept: "text/event-stream",
    signal,
    timeoutMs,
    // The watcher decides whether and when a stream is opened again.
    retry: false,
  } as const;
  const response = await transport.stream(request);
  const type = response.headers.get("content-type") ?? "no content type";
  if (!type.includes("text/event-stream")) {
    void response.body?.cancel().catch(() => {});
    throw transport.failure(new Error(`its stream came as ${type}`), request);
  }
  const frames: FollowFrame[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) => frames.push({ kind: kindOf(id), data }),
    maxBufferSize: maxFrameLength,
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* frames.splice(0);
  }
}

/** A frame holds the whole execution; past that it is no execution but a server gone wrong. */
const maxFrameLength = 64 * 1024 * 1024;

/** The execution that a frame holds; `undefined` for a stub, for half a frame, and for anything else. */
export function decodeFrame(frame: FollowFrame): KestraExecution | undefined {
  if (frame.kind === "start" || frame.kind === "other") return undefined;
  try {
    const parsed = executionSchema().safeParse(JSON.parse(frame.data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(id: string | undefined): FollowFrame["kind"] {
  return id === "start" || id === "progress" || id === "end" ? id : "other";
}
