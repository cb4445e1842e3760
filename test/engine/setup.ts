import type { TestProject } from "vitest/node";
import { type Engine, type EngineLine, startEngine } from "../../engine/index.ts";
import { arenaApiKey } from "./support/arena-key.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the shared engine of each line. */
    engines: Record<EngineLine, string>;
  }
}

/**
 * One engine a line for all tests of flows: a boot costs more than most of them. Each test file keeps to a namespace of
 * its own there. What needs an engine to itself, for its settings or to kill it, starts its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Engine[] = [];
  const stop = async () => {
    await Promise.all(started.map((engine) => engine.stop()));
  };
  const start = async (line: EngineLine) => {
    const engine = await startEngine({
      line,
      maxHeapMib: 512,
      env: { ENV_ARENA_API_KEY: arenaApiKey },
    });
    started.push(engine);
    return engine.url;
  };
  try {
    // One after the other: two boots at once on two cores take as long, and time out sooner.
    project.provide("engines", { "2.0": await start("2.0"), "1.3": await start("1.3") });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
