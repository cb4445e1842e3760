import { messageOf } from "../errors/message-of.ts";
import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import { decodeFrame, type FollowFrame } from "../kestra/follow.ts";
import { isTerminal } from "../kestra/states.ts";
import { SilenceGuard } from "./silence-guard.ts";
import type { Watched } from "./watched.ts";
import type { ExecutionWatcher } from "./watcher.ts";

/**
 * Follows one execution by its stream until it has ended, until `signal`, or until polling has to take over. At every
 * doubt the execution itself is read: a stream may break, end early, fall silent, or hold another execution's frames.
 */
export async function followExecution(
  watcher: ExecutionWatcher,
  watched: Watched,
  signal: AbortSignal,
): Promise<void> {
  const { maxReconnects, reconnectMs, stallMs } = watcher.settings.timings;
  let failures = 0;
  try {
    if (watched.isUncertain) await watcher.look(watched, signal);
    while (!signal.aborted) {
      const startedAt = performance.now();
      const changes = watched.changes;
      const { reason, isFinal } = await followOnce(watcher, watched, signal);
      if (signal.aborted) return;
      await watcher.look(watched, signal);
      if (signal.aborted) return;
      if (isFinal) return watcher.fallBack(watched, "stream_buffered", reason);
      // Every stream begins with the present state, so a frame alone is no sign that this one was any good.
      const wasGood = watched.changes > changes || performance.now() - startedAt >= stallMs;
      failures = wasGood ? 1 : failures + 1;
      if (failures > maxReconnects) return watcher.fallBack(watched, "stream_unavailable", reason);
      await sleep(reconnectMs * 2 ** (failures - 1) * (0.5 + Math.random()), signal);
    }
  } catch (error) {
    if (!signal.aborted) watcher.fail(watched, error);
  }
}

interface StreamFailure {
  /** Why it ended, in words. */
  reason: string;
  /** True when it is no use to open it again. */
  isFinal: boolean;
}

async function followOnce(
  watcher: ExecutionWatcher,
  watched: Watched,
  signal: AbortSignal,
): Promise<StreamFailure> {
  const { kestra, timings } = watcher.settings;
  const silence = new SilenceGuard(watcher, watched, signal);
  try {
    const { id } = watched.target;
    for await (const frame of kestra.executions.follow(id, silence.signal, timings.stallMs)) {
      silence.heard(frame);
      takeFrame(watcher, watched, frame);
      if (signal.aborted) break;
    }
    return { reason: "its stream ended before it did", isFinal: false };
  } catch (error) {
    if (silence.verdict !== undefined) return { reason: silence.verdict, isFinal: true };
    if (signal.aborted || isArenaError(error, "authentication")) throw error;
    watched.lastError = error;
    return { reason: `its stream broke (${messageOf(error)})`, isFinal: false };
  } finally {
    silence.stop();
  }
}

function takeFrame(watcher: ExecutionWatcher, watched: Watched, frame: FollowFrame): void {
  // Hundreds of frames may pass; only who wants the states pays for decoding them.
  if (frame.kind !== "end" && !watched.needsStates) return;
  const execution = decodeFrame(frame);
  if (execution === undefined || execution.id !== watched.target.id) return;
  watcher.take(watched, execution, frame.kind === "end" && isTerminal(execution.state.current));
}
