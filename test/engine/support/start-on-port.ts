import {
  type Engine,
  EngineError,
  type EngineOptions,
  startEngine,
} from "../../../engine/index.ts";

/**
 * Starts an engine where a killed one was. Whatever else runs may have been given its port meanwhile, for a connection
 * of its own: then it is tried again when that is over.
 */
export async function startOnPort(options: EngineOptions, port: number): Promise<Engine> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startEngine({ ...options, port });
    } catch (error) {
      const isTaken =
        error instanceof EngineError && error.message.includes("Address already in use");
      if (!isTaken || tries === 5) throw error;
    }
  }
}
