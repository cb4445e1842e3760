import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ServerCommand, ServerCounts, ServerReply } from "../server/protocol.ts";

/** The benchmarks' server in a process of its own, so that its CPU time is not the client's. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL("../server/main.ts", import.meta.url)));
    const [message] = (await once(child, "message")) as [ServerReply];
    if (message.kind !== "listening") throw new Error("The benchmark server did not start.");
    return new ServerProcess(child, message.url);
  }

  /** Forgets all executions and counts. */
  async reset(): Promise<void> {
    await this.#ask({ kind: "reset" });
  }

  /** Starts executions that end by themselves, evenly spread. @returns their ids and ends, in ms since the epoch. */
  async spawn(options: Omit<ServerCommand & { kind: "spawn" }, "kind">) {
    const reply = await this.#ask({ kind: "spawn", ...options });
    if (reply.kind !== "spawned") throw new Error(`unexpected ${reply.kind}`);
    return reply.runs;
  }

  /** From now on what is started runs until {@link ServerProcess.release}. */
  async hold(): Promise<void> {
    await this.#ask({ kind: "hold" });
  }

  /** Ends what was held, evenly spread, and counts from zero. @returns their ids and ends. */
  async release(spread: { minMs: number; maxMs: number }) {
    const reply = await this.#ask({ kind: "release", ...spread });
    if (reply.kind !== "spawned") throw new Error(`unexpected ${reply.kind}`);
    return reply.runs;
  }

  /** What was asked of it since the last reset. */
  async counts(): Promise<ServerCounts> {
    const reply = await this.#ask({ kind: "counts" });
    if (reply.kind !== "counts") throw new Error(`unexpected ${reply.kind}`);
    return reply.counts;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill();
    await ended;
  }

  async #ask(command: ServerCommand): Promise<ServerReply> {
    const reply = once(this.#child, "message");
    this.#child.send(command);
    const [message] = (await reply) as [ServerReply];
    return message;
  }
}
