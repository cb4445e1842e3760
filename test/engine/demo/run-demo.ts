import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../examples/demo/main.ts", import.meta.url));

/** What the demo did. */
interface DemoRun {
  code: number | null;
  output: string;
}

/** A demo under way, in a folder of its own. */
export interface RunningDemo {
  pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Resolves once it has printed that. */
  printed(text: string): Promise<void>;
  ended: Promise<DemoRun>;
}

/**
 * Starts the demo as `npm run demo` does, the build apart.
 *
 * @param cwd - Where it writes.
 * @param env - Beside or, as `undefined`, in place of this process's own.
 */
export function startDemo(
  args: readonly string[],
  cwd: string,
  env: Record<string, string | undefined> = {},
): RunningDemo {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, KESTRA_URL: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const onData = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", onData);
  child.stderr.on("data", onData);
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(text)) resolve();
      };
      look();
      child.stderr.on("data", look);
      child.stdout.on("data", look);
      void ended.then(() => reject(new Error(`the demo ended without "${text}":\n${output}`)));
    });
  return { pid: child.pid ?? 0, output: () => output, printed, ended };
}
