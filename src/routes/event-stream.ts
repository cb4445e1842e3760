/** One event of a stream for a browser's `EventSource`. */
export interface StreamEvent {
  event: string;
  data: unknown;
  /** What the browser sends as `Last-Event-ID` when it comes again. */
  id?: string;
}

/** How an event stream is served. */
export interface EventStreamOptions {
  /** A comment is sent that often while there is nothing else. */
  heartbeatMs: number;
  /** Aborted when the caller hangs up. */
  signal: AbortSignal;
  /** Called once, when the stream is over, however that came. */
  onClose: () => void;
}

/** After a break the browser waits that long before it comes again, in milliseconds. */
const reconnectMs = 3_000;

/**
 * Sends events as they come, and comments between them, so that no proxy takes the silence for a dead connection.
 * Nothing is started before the first byte is wanted, as a HEAD request never wants one.
 */
export function eventStream(
  makeEvents: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
  { heartbeatMs, signal, onClose }: EventStreamOptions,
): Response {
  const end = new AbortController();
  const onAbort = () => end.abort(signal.reason);
  const encoder = new TextEncoder();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let isStarted = false;
  let isCancelled = false;

  const close = () => {
    clearInterval(heartbeat);
    signal.removeEventListener("abort", onAbort);
    end.abort();
    onClose();
  };

  const run = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const send = (text: string) => {
      if (!end.signal.aborted) controller.enqueue(encoder.encode(text));
    };
    // At once, so that a page knows that it is connected.
    send(`retry: ${reconnectMs}\n\n`);
    heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);
    try {
      for await (const event of makeEvents(end.signal)) send(format(event));
      if (!isCancelled) controller.close();
    } catch (error) {
      if (!isCancelled) controller.error(error);
    } finally {
      close();
    }
  };

  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (isStarted) return;
        isStarted = true;
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
        // Not awaited: a pull that lasts would keep further bytes from being asked for.
        void run(controller);
      },
      cancel() {
        isCancelled = true;
        end.abort();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: streamHeaders });
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  // no-transform: a proxy that compresses has to collect before it can.
  "cache-control": "no-cache, no-transform",
  // nginx.
  "x-accel-buffering": "no",
};

function format({ event, data, id }: StreamEvent): string {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  // JSON holds no line break of its own.
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
