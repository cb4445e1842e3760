import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startDeadline } from "../../../src/kestra/deadline.ts";
import { useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const dayMs = 86_400_000;

describe("A deadline", () => {
  it("may be further away than a timer reaches", () => {
    const deadline = startDeadline(60 * dayMs);
    vi.advanceTimersByTime(60 * dayMs - 1);
    expect([deadline.signal.aborted, deadline.leftMs]).toEqual([false, 1]);
    vi.advanceTimersByTime(1);
    expect([deadline.signal.aborted, deadline.hasExpired]).toEqual([true, true]);
  });

  it("that is up stays so, whatever its caller does then", () => {
    const caller = new AbortController();
    const deadline = startDeadline(1_000, caller.signal);
    let calls = 0;
    deadline.onAbort(() => {
      calls += 1;
    });
    vi.advanceTimersByTime(1_000);
    caller.abort(new Error("too late"));
    expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError" });
    expect(calls).toBe(1);
  });

  it("that is up gives its reason to whoever asks later", () => {
    const deadline = startDeadline(1_000);
    deadline.throwIfAborted();
    vi.advanceTimersByTime(1_000);
    expect(() => deadline.throwIfAborted()).toThrow("Not done within 1000 ms");
    expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError" });
    let told: unknown;
    deadline.onAbort((reason) => {
      told = reason;
    });
    expect(told).toBe(deadline.signal.reason);
  });

  it("whose caller gave up does not run out any more", () => {
    const caller = new AbortController();
    const deadline = startDeadline(1_000, caller.signal);
    caller.abort(new Error("enough"));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(deadline.hasExpired).toBe(false);
    expect(deadline.signal.reason).toMatchObject({ message: "enough" });
  });
});
