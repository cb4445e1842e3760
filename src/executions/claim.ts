/**
 * One key, one execution, though Kestra has no idempotency key and no compare-and-set: look, start, look again. Where
 * two processes raced, both see both, and the earliest stays.
 */
import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { isSuccess, isTerminal } from "../kestra/states.ts";
import type { ExecutionContext } from "./context.ts";
import { arenaLabels } from "./labels.ts";

/** What a start does when there is an execution with its key. */
export type OnExisting = "join" | "joinIfLive" | "fail" | "new";

/**
 * How long a start may take to be seen by others. Measured on both lines: at most 186 ms. A start that finds itself
 * alone looks once more when this has passed.
 */
export const visibilityWindowMs = 500;

/** How long the owner of a later execution may take to kill it, before it is taken to have left without seeing ours. */
const yieldPatienceMs = 5_000;

interface Target {
  namespace: string;
  flowId: string;
}

/** The execution that a start with this key joins: the earliest that counts. */
export async function findByKey(
  context: ExecutionContext,
  target: Target,
  key: string,
  onExisting: OnExisting,
  signal: AbortSignal | undefined,
): Promise<KestraExecution | undefined> {
  const { results } = await context.kestra.executions.search(
    { ...target, labels: { [arenaLabels.key]: key } },
    { order: "newest", size: 100, signal },
  );
  return results.filter((execution) => counts(execution, onExisting)).sort(byStart)[0];
}

/**
 * Settles who keeps the key after `own` was started, and kills `own` when it is another.
 *
 * @returns the execution that stays.
 */
export async function claimKey(
  context: ExecutionContext,
  target: Target,
  key: string,
  onExisting: OnExisting,
  own: KestraExecution,
  signal: AbortSignal | undefined,
): Promise<KestraExecution> {
  const rival = async () => {
    const { results } = await context.kestra.executions.search(
      { ...target, labels: { [arenaLabels.key]: key } },
      { order: "newest", size: 100, signal },
    );
    const rivals = results.filter(({ id }) => id !== own.id);
    return rivals.filter((execution) => counts(execution, onExisting)).sort(byStart)[0];
  };
  let other = await rival();
  if (other === undefined) {
    await sleep(visibilityWindowMs, signal);
    other = await rival();
  }
  const until = performance.now() + yieldPatienceMs;
  while (other !== undefined && byStart(own, other) < 0 && performance.now() < until) {
    // The other started later: its owner sees ours, and kills it.
    await sleep(100, signal);
    other = await rival();
  }
  if (other === undefined) return own;
  // The other was first, or its owner had decided before ours could be seen. Two would be worse than giving way.
  await giveWay(context, own, other, signal);
  return other;
}

async function giveWay(
  context: ExecutionContext,
  own: KestraExecution,
  other: KestraExecution,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await context.kestra.executions.act(own.id, "kill", { signal });
    context.warn({
      code: "duplicate_killed",
      executionId: own.id,
      message: `Execution ${own.id} was killed: another process had started ${other.id} with the same key.`,
    });
  } catch (error) {
    signal?.throwIfAborted();
    // It has ended by itself: there is nothing left to kill.
    if (isArenaError(error, "conflict") || isArenaError(error, "not_found")) return;
    throw error;
  }
}

function counts(execution: KestraExecution, onExisting: OnExisting): boolean {
  const { current } = execution.state;
  if (!isTerminal(current)) return current !== "KILLING";
  return onExisting !== "joinIfLive" && isSuccess(current);
}

function byStart(first: KestraExecution, second: KestraExecution): number {
  const difference = startOf(first) - startOf(second);
  return difference !== 0 ? difference : first.id < second.id ? -1 : 1;
}

function startOf(execution: KestraExecution): number {
  return Date.parse(execution.state.startDate ?? "") || 0;
}
