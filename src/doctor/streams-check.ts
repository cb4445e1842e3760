import { isArenaError } from "../errors.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { DoctorContext } from "./context.ts";
import { type Finding, ok, warning } from "./findings.ts";

/** Kestra sends the first frame at once. */
const firstFrameMs = 4_000;

/**
 * Whether Kestra's event streams reach us as they are sent. For an execution that does not exist Kestra sends a first
 * frame and then holds the line for ten seconds: what has not come by then is held back on the way.
 */
export async function checkStreams(
  { kestra }: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const startedAt = performance.now();
  if (await hasFirstFrame(kestra, signal)) {
    const tookMs = Math.round(performance.now() - startedAt);
    return ok("streams", "streams_flow", `The first frame of a stream came after ${tookMs} ms.`);
  }
  signal?.throwIfAborted();
  const seen = `No frame of a stream came within ${firstFrameMs / 1_000} s, though Kestra answers other requests.`;
  const advice =
    "A proxy holds event streams back: turn its buffering off for text/event-stream (nginx: proxy_buffering off). Until then executions are polled, which works, but costs more requests.";
  return warning("streams", "streams_buffered", seen, advice);
}

async function hasFirstFrame(kestra: KestraApi, signal: AbortSignal | undefined): Promise<boolean> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, firstFrameMs);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const frames = kestra.executions.follow(unknownId(), controller.signal, firstFrameMs);
    for await (const _frame of frames) return true;
    return false;
  } catch (error) {
    // A server that answers at once that there is no such execution holds nothing back.
    return isArenaError(error, "not_found");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    controller.abort();
  }
}

/** As long as Kestra's own, and nobody's. */
function unknownId(): string {
  return `doctor${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
}
