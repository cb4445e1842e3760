import type { Command } from "commander";
import type { KestraArenaClient, KestraArenaOptions, KestraLine } from "../index.ts";
import { Output, type OutputStream, plain } from "./output.ts";

/** What a command needs of the process around it. */
export interface CliIo {
  stdout: OutputStream;
  stderr: OutputStream;
  stdin: AsyncIterable<Uint8Array | string>;
  /** Calls the listener at the first Ctrl-C; a second one ends the process. @returns what takes the listener back. */
  onInterrupt(listener: () => void): () => void;
  /** Makes the client. @default the package's own */
  createClient?: (options: KestraArenaOptions) => Promise<KestraArenaClient>;
}

/** The options that every command takes. */
export interface GlobalOptions {
  url?: string;
  tenant?: string;
  namespace?: string;
  line?: KestraLine;
  json?: boolean;
  env?: string | boolean;
}

/** A command: one file in `commands/`, one line in its registry. What is heavy is imported inside its action. */
export type CliCommand = (cli: Cli) => Command;

/** What commands share: the client, the output, the interrupt, the exit code. */
export class Cli {
  /** Where results and remarks go. */
  readonly output: Output;
  /** Aborted at the first Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** What the process ends with; see `exitCodes`. */
  exitCode = 0;
  /** What runs on in Kestra after a Ctrl-C, in words; said then. */
  leftRunning: string | undefined;
  readonly #io: CliIo;
  #globals: GlobalOptions = {};

  constructor(io: CliIo, interrupted: AbortSignal) {
    this.#io = io;
    this.interrupted = interrupted;
    this.output = new Output(io.stdout, io.stderr);
  }

  /** Takes the options that every command has. */
  configure(globals: GlobalOptions): void {
    this.#globals = globals;
    this.output.isJson = globals.json === true;
  }

  /** The client, as the options and the environment say. @throws ConfigError */
  async client(options: KestraArenaOptions = {}): Promise<KestraArenaClient> {
    const { url, tenant, namespace, line } = this.#globals;
    const all: KestraArenaOptions = {
      url,
      tenant,
      namespace,
      line,
      onWarning: ({ message }) => this.output.note(`Warning: ${plain(message)}`),
      ...options,
    };
    if (this.#io.createClient !== undefined) return this.#io.createClient(all);
    const { KestraArenaClient } = await import("../client.ts");
    return new KestraArenaClient(all);
  }

  /** All of standard input, for `--file -`. */
  async readStdin(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of this.#io.stdin) {
      text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }
}
