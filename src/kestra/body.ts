import { type Deadline, startDeadline } from "./deadline.ts";

/** An error's page may be long, or never end; its first words are enough. */
const longestErrorBody = 64 * 1024;
const errorBodyMs = 5_000;

/** The text of an error's body, as far as it comes in time; never throws. */
export async function readErrorBody(response: Response, signal: AbortSignal): Promise<string> {
  const { body } = response;
  if (body === null) return "";
  const deadline = startDeadline(errorBodyMs, signal);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < longestErrorBody) {
      const { done, value } = await deadline.race(reader.read());
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
    return text;
  } catch {
    return text;
  } finally {
    deadline.clear();
    void reader.cancel().catch(() => {});
  }
}

/**
 * An answer whose body calls back when it is over, however it ends, and whose errors are ours.
 *
 * @param onEnd - Takes back what the body needed until then.
 */
export function endingResponse(
  response: Response,
  onEnd: () => void,
  toError: (error: unknown) => unknown,
): Response {
  if (response.body === null) {
    onEnd();
    return response;
  }
  const reader = response.body.getReader();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await reader.read();
      if (!done) {
        controller.enqueue(value);
        return;
      }
      onEnd();
      controller.close();
    } catch (error) {
      onEnd();
      throw toError(error);
    }
  };
  const cancel = async (reason: unknown) => {
    onEnd();
    await reader.cancel(reason);
  };
  // Nothing is read ahead of whoever reads it.
  const body = new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/** Ends a request when its caller does, or when its deadline is up before the answer's head has come. */
export interface StreamLink {
  /** For the request. */
  readonly signal: AbortSignal;
  /** From now on only the caller ends it. */
  release(): void;
  /** Takes everything back. */
  clear(): void;
}

/**
 * Ties a request whose body is still to come to its caller's signal and, for now, to its deadline.
 *
 * @param signal - One that has not been aborted.
 */
export function linkStream(deadline: Deadline, signal: AbortSignal | undefined): StreamLink {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const release = deadline.onAbort((reason) => controller.abort(reason));
  return {
    signal: controller.signal,
    release,
    clear() {
      release();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
