import { isArenaError } from "../errors.ts";
import { type Deadline, sleep } from "../kestra/deadline.ts";
import { jitteredPauseMs } from "../kestra/retries.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { instantMs, isTerminal } from "../kestra/states.ts";
import type { ExecutionContext } from "./context.ts";
import { arenaLabels, correlationOf } from "./labels.ts";
import { persist } from "./persist.ts";
import { clockSkewMs } from "./timings.ts";
import { waitForEnd } from "./wait.ts";
import type { End, WatchTarget } from "./watched.ts";

/** What was read so long ago may have changed since. */
const freshMs = 1_000;

/** Where an execution is, as far as it is known. */
export interface TrackedSource {
  id: string;
  namespace: string;
  flowId: string;
  /** What was just read of it. */
  execution?: KestraExecution | undefined;
  /** True when it was started just now, and may not be readable yet. */
  isNew: boolean;
}

/** The end of the work, and the execution that came to it: the last of a chain of retries. */
export interface LastEnd {
  last: Tracked;
  end: End;
}

/** One execution as a handle knows it. */
export class Tracked {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  /** Why it could not be looked at, when the last wait ended so. */
  trouble: unknown;
  readonly #context: ExecutionContext;
  readonly #notFoundUntil: number;
  #latest: KestraExecution | undefined;
  #latestAt = 0;
  #successor: Tracked | undefined;
  #end: End | undefined;

  constructor(context: ExecutionContext, source: TrackedSource) {
    this.#context = context;
    this.id = source.id;
    this.namespace = source.namespace;
    this.flowId = source.flowId;
    this.latest = source.execution;
    this.#notFoundUntil = source.isNew ? performance.now() + context.timings.notFoundGraceMs : 0;
  }

  /** The newest that was read of it. */
  get latest(): KestraExecution | undefined {
    return this.#latest;
  }

  set latest(execution: KestraExecution | undefined) {
    if (execution === this.#latest) return;
    this.#latest = execution;
    this.#latestAt = performance.now();
  }

  /** True while a 404 may only mean that it is not there yet. */
  get mayBeMissing(): boolean {
    return performance.now() < this.#notFoundUntil;
  }

  /** What the watcher has to know of it. */
  target(): WatchTarget {
    const { id, namespace, flowId, latest } = this;
    const label = latest?.labels.find(({ key }) => key === arenaLabels.client);
    return {
      id,
      namespace,
      flowId,
      latest,
      clientId: label?.value,
      isFresh: performance.now() - this.#latestAt < freshMs,
      notFoundUntil: this.#notFoundUntil,
    };
  }

  /** Reads it as it is now. */
  async read(options: { signal?: AbortSignal | undefined; timeoutMs?: number | undefined }) {
    const execution = await this.#context.kestra.executions.get(this.id, options);
    this.latest = execution;
    return execution;
  }

  /** Forgets that it had ended: it was restarted. */
  restarted(execution: KestraExecution): void {
    this.latest = execution;
    this.#end = undefined;
  }

  /** Its end, in whatever state. @throws as {@link waitForEnd}. */
  async ownEnd(deadline: Deadline): Promise<End> {
    if (this.#end !== undefined) return this.#end;
    const end = await waitForEnd(this.#context.watcher, this.target(), deadline, (watched) => {
      this.latest = watched.latest;
      this.trouble = watched.lastError;
    });
    if (end.execution !== undefined) this.latest = end.execution;
    // A FAILED can be restarted by anybody; what else has ended stays so.
    if (end.state !== "FAILED") this.#end = end;
    return end;
  }

  /** The end of the work: a flow's own retry ends one execution as RETRIED and starts another that carries on. */
  async lastEnd(deadline: Deadline): Promise<LastEnd> {
    const end = await this.ownEnd(deadline);
    if (end.state !== "RETRIED") return { last: this, end };
    return (await this.successor(deadline.signal)).lastEnd(deadline);
  }

  /** The execution that carries on after a flow's own retry. It starts only when the retry's interval has passed. */
  async successor(signal: AbortSignal): Promise<Tracked> {
    const retried = this.latest ?? (await persist(() => this.read({ signal }), signal, this));
    for (let tries = 1; this.#successor === undefined; tries += 1) {
      const next = await this.#findSuccessor(retried, signal);
      if (next === undefined) await sleep(jitteredPauseMs(tries), signal);
      else {
        const { id, namespace, flowId } = next;
        const source = { id, namespace, flowId, execution: next, isNew: true };
        this.#successor = new Tracked(this.#context, source);
      }
    }
    return this.#successor;
  }

  /** The newest execution of the chain of retries that is known to exist. */
  get current(): Tracked {
    return this.#successor?.current ?? this;
  }

  async #findSuccessor(
    retried: KestraExecution,
    signal: AbortSignal,
  ): Promise<KestraExecution | undefined> {
    const { namespace, flowId } = this;
    const labels = correlationOf(retried);
    const startedAfter = new Date(Math.max(0, instantMs(retried.state.startDate) - clockSkewMs));
    const timeoutMs = this.#context.timings.lookTimeoutMs;
    try {
      const { results } = await this.#context.kestra.executions.search(
        { namespace, flowId, labels, startedAfter },
        { order: "oldest", size: 1_000, signal, timeoutMs, retry: false },
      );
      return results.find(({ parentId }) => parentId === this.id);
    } catch (error) {
      if (signal.aborted || isArenaError(error, "authentication")) throw error;
      return undefined;
    }
  }
}

/** True for one that is known to have ended, and not in a way that something follows. */
export function hasEndedForGood(execution: KestraExecution | undefined): boolean {
  if (execution === undefined) return false;
  const { current } = execution.state;
  return isTerminal(current) && current !== "FAILED" && current !== "RETRIED";
}
