/**
 * One key, one execution, though Kestra has no idempotency key and no compare-and-set: look, start, look again. Of those
 * that raced, the earliest stays and the owners of the others kill theirs. Why that is enough, and what was measured:
 * docs/decisions/never-started-twice.md.
 */
import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { instantMs, isSuccess, isTerminal } from "../kestra/states.ts";
import type { ExecutionContext } from "./context.ts";
import { clockSkewMs } from "./timings.ts";

/** What a start does when there is an execution with its key. */
export type OnExisting = "join" | "joinIfLive" | "fail" | "new";

/** What is claimed: one flow's executions with one label. */
export interface Claim {
  readonly namespace: string;
  readonly flowId: string;
  readonly label: { readonly key: string; readonly value: string };
  readonly onExisting: OnExisting;
}

/** The first pause between two looks while a race is settled, and the longest. */
const firstPauseMs = 50;
const longestPauseMs = 500;

/** The execution that a start with this key joins: the earliest that counts. */
export async function findHolder(
  context: ExecutionContext,
  claim: Claim,
  signal: AbortSignal,
): Promise<KestraExecution | undefined> {
  const rows = await look(context, claim, signal);
  const holder = holdersOf(rows, claim)[0];
  if (!isInMotion(rows, holder)) return holder;
  // It may be about to give way to an earlier one, and a FAILED may be about to be tried again.
  await sleep(context.timings.visibilityWindowMs, signal);
  return holdersOf(await look(context, claim, signal), claim)[0];
}

/**
 * Settles who stays after `own` was started, and kills `own` when it is another.
 *
 * @returns the execution that stays; `undefined` when `own` was killed and then nobody was left.
 */
export async function settleClaim(
  context: ExecutionContext,
  claim: Claim,
  own: KestraExecution,
  signal: AbortSignal,
): Promise<KestraExecution | undefined> {
  const { visibilityWindowMs, yieldPatienceMs, lookUpMs } = context.timings;
  const startedAt = performance.now();
  // Whoever was earlier has become visible by then, so that all who look then agree.
  let agreedAt = startedAt + visibilityWindowMs;
  let hasGivenWay = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    // Before it is sent: a slow answer may tell how things were long ago.
    const now = performance.now();
    const rows = await look(context, claim, signal);
    // Compared as the index has it, and so as all others see it.
    const mine = rows.find(({ id }) => id === own.id);
    if (mine === undefined && now - startedAt > lookUpMs) {
      throw new Error(`execution ${own.id} did not appear among those with its label`);
    }
    const holders = holdersOf(rows, claim);
    const rivals = holders.filter(({ id }) => id !== own.id);
    const isMine = mine !== undefined && holders.includes(mine);
    const isTime = mine !== undefined && now >= agreedAt;
    const hasLost = isMine && rivals.some((rival) => byStart(rival, mine) < 0);
    // The owner of a later one should have killed it by now: it decided before it could see ours.
    const isIgnored = isTime && isMine && rivals.length > 0 && now - startedAt >= yieldPatienceMs;
    if ((hasLost || isIgnored) && !isTerminal(mine.state.current)) {
      hasGivenWay = true;
      // Or it was only slow, and gives way at this very moment: its execution counts once it has stayed for a while.
      if (isIgnored) agreedAt = now + yieldPatienceMs / 3;
      await giveWay(context, own, signal);
    } else if (isTime) {
      if (isMine && (rivals.length === 0 || isTerminal(mine.state.current))) return holders[0];
      if (!isMine) return rivals[0] ?? (hasGivenWay ? undefined : mine);
    }
    await sleep(isTime ? pauseMs : Math.min(pauseMs, visibilityWindowMs), signal);
  }
}

async function look(
  context: ExecutionContext,
  { namespace, flowId, label }: Claim,
  signal: AbortSignal,
): Promise<KestraExecution[]> {
  const { results } = await context.kestra.executions.search(
    // Subflows inherit labels, and are nobody's start.
    { namespace, flowId, labels: { [label.key]: label.value }, level: "main" },
    { order: "newest", size: 100, signal },
  );
  return results.filter(({ triggerExecutionId }) => triggerExecutionId === undefined);
}

/** Those that hold the key, the earliest first. */
function holdersOf(rows: readonly KestraExecution[], { onExisting }: Claim): KestraExecution[] {
  const succeeded = new Set(rows.map(({ parentId }) => parentId));
  const holds = ({ id, state: { current } }: KestraExecution) => {
    // A flow's own retry: another carries on, or will once the retry's interval has passed.
    if (current === "RETRIED") return !succeeded.has(id);
    if (!isTerminal(current)) return current !== "KILLING";
    return onExisting !== "joinIfLive" && isSuccess(current);
  };
  return rows.filter(holds).sort(byStart);
}

function isInMotion(rows: readonly KestraExecution[], holder: KestraExecution | undefined) {
  const since = Date.now() - clockSkewMs;
  if (holder !== undefined) return !isTerminal(holder.state.current) && startOf(holder) > since;
  return rows.some(({ state }) => state.current === "FAILED" && instantMs(state.endDate) > since);
}

async function giveWay(
  context: ExecutionContext,
  own: KestraExecution,
  signal: AbortSignal,
): Promise<void> {
  try {
    const timeoutMs = context.timings.lookTimeoutMs;
    await context.kestra.executions.act(own.id, "kill", { signal, timeoutMs });
    context.warn({
      code: "duplicate_killed",
      executionId: own.id,
      message: `Execution ${own.id} was killed: another process had started one with the same key.`,
    });
  } catch (error) {
    if (signal.aborted || isArenaError(error, "authentication")) throw error;
    // It has ended by itself, or the kill has to be repeated: the next look tells.
  }
}

function byStart(first: KestraExecution, second: KestraExecution): number {
  const difference = startOf(first) - startOf(second);
  return difference !== 0 ? difference : first.id < second.id ? -1 : 1;
}

function startOf(execution: KestraExecution): number {
  return instantMs(execution.state.startDate);
}
