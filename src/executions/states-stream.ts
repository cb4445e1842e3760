import type { KestraExecution } from "../kestra/schemas.ts";
import { type ExecutionStateName, isTerminal } from "../kestra/states.ts";
import type { WatchTarget } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/** A state that an execution has entered. */
export interface ExecutionState {
  /** Its name. Unknown ones are passed on, and count as not ended. */
  current: ExecutionStateName;
  /** When it was entered, as an ISO instant; `undefined` when the server did not tell. */
  at: string | undefined;
  /** True for the last one. A FAILED in mid-way, which a retry passes through, is not. */
  isLast: boolean;
}

/**
 * Every state of an execution, once each and in order, from its first to its last; what came and went between two looks
 * is read from its history.
 */
export async function* streamStates(
  watcher: ExecutionWatcher,
  target: WatchTarget,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExecutionState, void, undefined> {
  signal?.throwIfAborted();
  const queue: ExecutionState[] = [];
  let emitted = 0;
  let failure: { error: unknown } | undefined;
  let hasEnded = false;
  let wake: () => void = () => {};
  const push = (execution: KestraExecution, isEnd: boolean) => {
    const changes = changesOf(execution);
    for (const [index, change] of changes.entries()) {
      if (index < emitted) continue;
      // The last one is only told once it is certain that nothing follows it.
      const isNewest = index === changes.length - 1;
      if (isNewest && isTerminal(change.current) && !isEnd) break;
      queue.push({ ...change, isLast: isNewest && isEnd });
      emitted = index + 1;
    }
    wake();
  };
  let latest: KestraExecution | undefined;
  const stop = watcher.watch(target, {
    needsStates: true,
    onState(execution) {
      latest = execution;
      push(execution, false);
    },
    onEnd(state) {
      hasEnded = true;
      if (latest !== undefined && latest.state.current === state) push(latest, true);
      else queue.push({ current: state, at: undefined, isLast: true });
      wake();
    },
    onFailure(error) {
      failure = { error };
      wake();
    },
  });
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (failure !== undefined) throw failure.error;
      else if (hasEnded) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", onAbort);
  }
}

function changesOf(execution: KestraExecution): { current: string; at: string | undefined }[] {
  const { current, histories, startDate } = execution.state;
  if (histories === undefined || histories.length === 0) return [{ current, at: startDate }];
  return histories.map(({ state, date }) => ({ current: state, at: date }));
}
