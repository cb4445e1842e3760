import type { ServerClock } from "./clock.ts";
import { brokenConnection } from "./faults.ts";

/** The answer's head, and half of its body. */
export async function brokenOff(answer: Response): Promise<Response> {
  if (answer.headers.get("content-type") === "text/event-stream") {
    await answer.body?.cancel();
    throw brokenConnection();
  }
  const text = await answer.text();
  const { status, headers } = answer;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
    },
    pull(controller) {
      controller.error(brokenConnection("UND_ERR_SOCKET"));
    },
  });
  return new Response(body, { status, headers });
}

/** Lets so much of the server's time pass, or throws the signal's reason. */
export function pause(clock: ServerClock, durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (durationMs === 0) return resolve();
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(durationMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Nothing, until the signal is aborted. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
