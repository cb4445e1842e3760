import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settleAll } from "../../support/many-runs.ts";
import { useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["1.3", "2"] as const)("Watching runs of 1 to 30 s on %s", (line) => {
  it("takes at most 60 requests for a hundred", async () => {
    const { requests } = await settleAll(line, 100);
    expect(requests).toBeLessThanOrEqual(60);
  });

  it("takes at most 65 requests and one and a half rows each for a thousand", async () => {
    const { requests, rows } = await settleAll(line, 1_000);
    // A search each second, and a stream each for the last ones.
    expect(requests).toBeLessThanOrEqual(65);
    expect(rows / 1_000).toBeLessThanOrEqual(1.5);
  });
});
