import { buildEngine } from "./build.ts";
import { findJavaHome } from "./java.ts";
import { launch } from "./launch.ts";
import type { Engine, EngineOptions } from "./options.ts";

export { EngineError, type EngineErrorCode } from "./error.ts";
export type { Engine, EngineLine, EngineOptions } from "./options.ts";

/**
 * Starts the real Kestra engine in a JVM of its own, on loopback, and resolves when it serves.
 * It ends with this process, however that goes.
 * @throws {EngineError} no JDK, no Maven, a failed build or boot; says what to do.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  options.signal?.throwIfAborted();
  const line = options.line ?? "2.0";
  const javaHome = await findJavaHome();
  const build = await buildEngine({
    line,
    javaHome,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return launch({ ...options, line, javaHome, ...build });
}
