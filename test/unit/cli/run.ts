import { setTimeout as delay } from "node:timers/promises";
import type { KestraArenaClient, KestraArenaOptions } from "kestra-arena";
import { runCli } from "../../../src/cli/run-cli.ts";
import { createFakeKestra } from "../routes/fake-kestra.ts";

/** A command that was run, and what it wrote. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  /** Standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever a command prints.
  readonly json: any;
}

/** How a command is run. */
export interface RunSettings {
  stdin?: string;
  isTerminal?: boolean;
  /** Aborted: Ctrl-C. */
  interrupt?: AbortSignal;
}

/** A fake Kestra, and the commands against it, or against another client. */
export function createBench(client?: KestraArenaClient) {
  const kestra = createFakeKestra();
  const clientOptions: KestraArenaOptions[] = [];

  async function run(args: string[], settings: RunSettings = {}): Promise<Ran> {
    const { stdin = "", isTerminal = false, interrupt } = settings;
    let stdout = "";
    let stderr = "";
    const code = await runCli(["--no-env", ...args], {
      stdout: { write: (text) => (stdout += text), isTTY: isTerminal },
      stderr: { write: (text) => (stderr += text), isTTY: isTerminal },
      stdin: (async function* () {
        yield stdin;
      })(),
      onInterrupt(listener) {
        interrupt?.addEventListener("abort", listener);
        return () => interrupt?.removeEventListener("abort", listener);
      },
      createClient: async (options) => {
        clientOptions.push(options);
        return client ?? kestra.arena;
      },
    });
    return {
      code,
      stdout,
      stderr,
      get json() {
        return JSON.parse(stdout);
      },
    };
  }

  /** Lets everything that is due happen until this holds. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await delay(5);
  }

  return { kestra, run, until, clientOptions };
}
