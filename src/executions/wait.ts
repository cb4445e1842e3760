import { WaitTimeoutError } from "../errors.ts";
import { startDeadline } from "../kestra/deadline.ts";
import type { ExecutionContext } from "./context.ts";
import type { Execution } from "./execution.ts";
import type { WatchTarget } from "./watched.ts";

/** How long is waited. */
export interface WaitOptions {
  /** Ends the wait, not the execution. */
  signal?: AbortSignal | undefined;
  /**
   * The whole time of the wait in milliseconds. When it is up, a {@link WaitTimeoutError} is thrown and the execution
   * runs on.
   *
   * @default none: it waits until the execution has ended
   */
  timeoutMs?: number | undefined;
}

/**
 * Waits until an execution has ended.
 *
 * @returns the state that it ended in.
 * @throws WaitTimeoutError, NotFoundError, AuthenticationError, and the signal's reason.
 */
export async function waitForEnd(
  context: ExecutionContext,
  target: WatchTarget,
  handle: Execution<unknown>,
  { signal, timeoutMs = Number.POSITIVE_INFINITY }: WaitOptions,
): Promise<string> {
  signal?.throwIfAborted();
  const { watcher } = context;
  const deadline = startDeadline(timeoutMs, signal);
  let stop: () => void = () => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      deadline.signal.addEventListener(
        "abort",
        () => {
          signal?.aborted ? reject(signal.reason) : reject(timedOut(context, handle, timeoutMs));
        },
        { once: true },
      );
      stop = watcher.watch(target, {
        needsStates: false,
        onState: () => {},
        onEnd: resolve,
        onFailure: reject,
      });
    });
  } finally {
    stop();
    deadline.clear();
  }
}

function timedOut(
  context: ExecutionContext,
  handle: Execution<unknown>,
  timeoutMs: number,
): WaitTimeoutError {
  const watched = context.watcher.describe(handle.id);
  const state = watched?.latest?.state.current ?? handle.lastState;
  const { lastError } = watched ?? {};
  const trouble =
    lastError instanceof Error ? ` The last look at it failed: ${lastError.message}` : "";
  const message =
    `Execution ${handle.id} of ${handle.namespace}.${handle.flowId} had not ended after ${timeoutMs} ms; its last ` +
    `known state is ${state}. It was left running: wait again, or cancel() it.${trouble}`;
  const { id: executionId, flowId, namespace, url } = handle;
  return new WaitTimeoutError(
    message,
    { executionId, flowId, namespace, state, url },
    timeoutMs,
    handle,
    { cause: lastError },
  );
}
