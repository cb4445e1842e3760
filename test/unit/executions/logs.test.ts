import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fault } from "../../../src/testing/server/faults.ts";
import { succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "../../support/test-flow.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["1.3", "2"] as const)("A log that is followed on %s", (line) => {
  async function scene() {
    const flow = { id: "greet", life: succeedsAfter(10_000), outputs: greetOutputs };
    const kestra = new SimulatedKestra({ line, flows: [flow] });
    const arena = clientOf(kestra, { line });
    const execution = await runVirtually(arena.start(greet, { who: "Ada" }));
    const write = (message: string) => {
      const lines = kestra.logs.get(execution.id) ?? [];
      kestra.logs.set(execution.id, [...lines, { level: "INFO", message }]);
    };
    const follow = async (signal?: AbortSignal) => {
      const messages: string[] = [];
      for await (const { message } of execution.logs({ follow: true, signal })) {
        messages.push(message);
      }
      return messages;
    };
    const failAt = (route: string, fault: Fault) => {
      kestra.options.faults = (request) => (request.route === route ? fault : undefined);
    };
    return { kestra, arena, execution, write, follow, failAt };
  }

  it("gives each line once, and the last ones after the end", async () => {
    const { write, follow } = await scene();
    write("first");
    setTimeout(() => write("second"), 3_000);
    setTimeout(() => write("last"), 9_999);
    expect(await runVirtually(follow())).toEqual(["first", "second", "last"]);
  });

  it("outlasts looks that fail in passing", async () => {
    const { write, follow, failAt, kestra } = await scene();
    write("first");
    failAt("logs", { kind: "answer", status: 503, headers: { "retry-after": "60" } });
    setTimeout(() => {
      kestra.options.faults = () => undefined;
    }, 4_000);
    expect(await runVirtually(follow())).toEqual(["first"]);
  });

  it.each([
    [403, "authentication"],
    [422, "kestra"],
  ])("ends where a look is answered %i", async (status, code) => {
    const { follow, failAt } = await scene();
    failAt("logs", { kind: "answer", status });
    await expect(runVirtually(follow())).rejects.toMatchObject({ code, status });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends with its signal, in the middle of a look too", async () => {
    const { follow, failAt } = await scene();
    failAt("logs", { kind: "hang" });
    const reason = new Error("enough");
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 500);
    await expect(runVirtually(follow(abort.signal))).rejects.toBe(reason);
  });

  it("of an execution that does not exist ends with that, though its log is just empty", async () => {
    const { arena } = await scene();
    const nobody = arena.executions.get(greet, "nobody");
    const next = nobody.logs({ follow: true }).next();
    await expect(runVirtually(next)).rejects.toMatchObject({ code: "not_found" });
  });
});
