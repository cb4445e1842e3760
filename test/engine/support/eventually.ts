import { vi } from "vitest";

/** Waits until a check holds: for what Kestra or the arena does by and by. The limit is there to fail at all. */
export function eventually<Value>(check: () => Promise<Value> | Value): Promise<Value> {
  return vi.waitFor(check, { timeout: 120_000, interval: 250 });
}
