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
 * Every state of one execution, once each and in order, from its first to its last; what came and went between two
 * looks is read from its history.
 */
export async function* streamStates(
  watcher: ExecutionWatcher,
  target: WatchTarget,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExecutionState, void, undefined> {
  signal?.throwIfAborted();
  const changes = new StateChanges();
  let failure: { error: unknown } | undefined;
  let hasEnded = false;
  let wake = () => {};
  const stop = watcher.watch(target, {
    needsStates: true,
    onState(execution) {
      changes.add(execution, false);
      wake();
    },
    onEnd({ state, execution }) {
      hasEnded = true;
      if (execution === undefined) changes.end(state);
      else changes.add(execution, true);
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
      const next = changes.queue.shift();
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

/** What has not been told yet of an execution's changes of state. */
class StateChanges {
  readonly queue: ExecutionState[] = [];
  #told = 0;
  #last: string | undefined;

  add(execution: KestraExecution, isEnd: boolean): void {
    const news = this.#news(execution);
    for (const [index, { state, date }] of news.entries()) {
      const isNewest = index === news.length - 1;
      // The last one is only told once it is certain that nothing follows it.
      if (isNewest && isTerminal(state) && !isEnd) return;
      this.#tell(state, date, isNewest && isEnd);
    }
  }

  /** For an end of which nothing but the state is known. */
  end(state: string): void {
    this.#tell(state, undefined, true);
  }

  #news({ state }: KestraExecution): { state: string; date: string | undefined }[] {
    const { current, histories = [] } = state;
    if (histories.length > 0) return histories.slice(this.#told);
    // Without a history, what came and went between two looks cannot be told.
    return current === this.#last ? [] : [{ state: current, date: undefined }];
  }

  #tell(current: string, at: string | undefined, isLast: boolean): void {
    this.queue.push({ current, at, isLast });
    this.#told += 1;
    this.#last = current;
  }
}
