import { WaitTimeoutError } from "../errors.ts";
import type { Deadline } from "../kestra/deadline.ts";
import type { Execution } from "./execution.ts";
import type { End, Watched, WatchTarget } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** How long is waited. */
export interface WaitOptions {
  /** Ends the wait, not the execution. */
  signal?: AbortSignal | undefined;
  /**
   * The whole time in milliseconds, reading the outputs included. When it is up, a {@link WaitTimeoutError} is thrown and
   * the execution runs on.
   *
   * @default none: it waits until the execution has ended
   */
  timeoutMs?: number | undefined;
}

/**
 * Waits until an execution has ended.
 *
 * @param onLeave - Given what is known of it when the wait ends before the execution does.
 * @throws NotFoundError, AuthenticationError, and the deadline's reason as soon as it is aborted.
 */
export function waitForEnd(
  watcher: ExecutionWatcher,
  target: WatchTarget,
  deadline: Deadline,
  onLeave: (watched: Watched) => void,
): Promise<End> {
  return new Promise((resolve, reject) => {
    deadline.throwIfAborted();
    const leave = () => {
      release();
      const watched = watcher.describe(target.id);
      if (watched !== undefined) onLeave(watched);
      stop();
    };
    const onFailure = (error: unknown) => {
      leave();
      reject(error);
    };
    const onEnd = (end: End) => {
      leave();
      resolve(end);
    };
    const release = deadline.onAbort(onFailure);
    const stop = watcher.watch(target, { needsStates: false, onState: ignore, onEnd, onFailure });
  });
}

function ignore(): void {}

/** The error for a wait whose time was up. @param trouble - The last failure to look at it, when there was one. */
export function timedOut(
  handle: Execution<unknown>,
  { state, timeoutMs, trouble }: { state: string; timeoutMs: number; trouble: unknown },
): WaitTimeoutError {
  const { id: executionId, flowId, namespace, url } = handle;
  const why = trouble instanceof Error ? ` The last look at it failed: ${trouble.message}` : "";
  const message =
    `Execution ${executionId} of ${namespace}.${flowId} was not done after ${timeoutMs} ms; its last known state is ` +
    `${state}. It was left as it is: wait again, or cancel() it.${why}`;
  const summary = { executionId, flowId, namespace, state, url };
  return new WaitTimeoutError(message, summary, timeoutMs, handle, { cause: trouble });
}
