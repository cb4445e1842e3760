// Loaded now: while a module is on its way, virtual time would run ahead of it.
import "eventsource-parser";
import { vi } from "vitest";

const realImmediate = setImmediate;

/** Waits until all that is due without a timer has been done. */
export function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    realImmediate(resolve);
  });
}

/** Puts `Date`, `performance` and all timers on a clock that only {@link runVirtually} moves. */
export function useVirtualTime(): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    now: Date.UTC(2026, 0, 1),
  });
}

/**
 * Runs until the promise is settled, from timer to timer.
 *
 * @param limitMs - Virtual time after which it is given up.
 * @throws what the promise throws, and an error when nothing is left that could settle it.
 */
export async function runVirtually<Value>(
  promise: Promise<Value>,
  limitMs = 3_600_000,
): Promise<Value> {
  let isSettled = false;
  const settled = promise.then(
    (value) => {
      isSettled = true;
      return { value };
    },
    (error: unknown) => {
      isSettled = true;
      return { error };
    },
  );
  const until = Date.now() + limitMs;
  for (;;) {
    await settleMicrotasks();
    if (isSettled) break;
    if (vi.getTimerCount() === 0) {
      // Something that is no timer may still be on its way: a module that is loaded for the first time.
      for (let turn = 0; turn < 200 && !isSettled && vi.getTimerCount() === 0; turn += 1) {
        await settleMicrotasks();
      }
      if (isSettled) break;
      if (vi.getTimerCount() === 0)
        throw new Error("nothing is left that could settle the promise");
    }
    if (Date.now() > until) throw new Error(`not settled after ${limitMs} ms of virtual time`);
    vi.advanceTimersToNextTimer();
  }
  const outcome = await settled;
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

/** Lets virtual time pass. */
export async function passVirtually(durationMs: number): Promise<void> {
  await runVirtually(
    new Promise<void>((resolve) => {
      setTimeout(resolve, durationMs);
    }),
  );
}
