import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEngine } from "../../../engine/index.ts";
import { startOnPort } from "../support/start-on-port.ts";
import { clientWithFlows, greet } from "./flows.ts";

describe.each(["2.0", "1.3"] as const)("An engine on %s", (line) => {
  it("that is killed in mid-run and started again loses no result", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-killed-"));
    const store = { file: join(folder, "engine") };
    const namespace = "arena-tests.killed";
    try {
      const engine = await startEngine({ line, store, fastRecovery: true });
      const port = Number(new URL(engine.url).port);
      const arena = await clientWithFlows(line, engine.url, namespace);
      const execution = await arena.start(greet, { who: "Ada", forMs: 6_000 }, { key: "killed" });
      for await (const { current } of execution.states()) if (current === "RUNNING") break;
      const result = execution.result({ timeoutMs: 200_000 });
      engine.kill("SIGKILL");
      await engine.stop();
      await using _again = await startOnPort({ line, store, fastRecovery: true }, port);
      expect(await result).toEqual({ greeting: "hello Ada" });
      // Nobody has started it twice meanwhile.
      const joined = await arena.start(greet, { who: "Ada", forMs: 6_000 }, { key: "killed" });
      expect(joined.id).toBe(execution.id);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("that is gone for good ends the wait by its deadline, and the error says so", async () => {
    const engine = await startEngine({ line });
    const arena = await clientWithFlows(line, engine.url, "arena-tests.gone");
    const execution = await arena.start(greet, { who: "Ada", forMs: 60_000 });
    const result = execution.result({ timeoutMs: 5_000 });
    engine.kill("SIGKILL");
    const error: unknown = await result.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "wait_timeout", timeoutMs: 5_000 });
    expect(String(error)).toContain("Nothing listens there");
    await engine.stop();
  });
});
