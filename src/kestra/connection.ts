import {
  type Dialect,
  dialectOf,
  type KestraLine,
  probeServer,
  type ServerInfo,
} from "./dialect.ts";
import type { Transport } from "./transport.ts";

/** One server: how to reach it, and which line it speaks. Shared by all parts of the REST layer. */
export class Connection {
  /** Sends the requests. */
  readonly transport: Transport;
  readonly #forcedLine: KestraLine | undefined;
  readonly #onServer: (server: ServerInfo) => void;
  #server: Promise<ServerInfo> | undefined;

  constructor(
    transport: Transport,
    forcedLine: KestraLine | undefined,
    onServer: (server: ServerInfo) => void,
  ) {
    this.transport = transport;
    this.#forcedLine = forcedLine;
    this.#onServer = onServer;
  }

  /** The server's line, asked for once; the next call asks again when it could not be told. */
  async dialect(signal?: AbortSignal): Promise<Dialect> {
    if (this.#forcedLine !== undefined) return dialectOf(this.#forcedLine);
    return dialectOf((await this.server(signal)).line);
  }

  /** The server's version, asked for once. */
  async server(signal?: AbortSignal): Promise<ServerInfo> {
    if (this.#server !== undefined) return waitFor(this.#server, signal);
    // Not with this caller's signal: others may wait for the same answer.
    const probe = probeServer(this.transport);
    this.#server = probe;
    probe.then(this.#onServer, () => {
      this.#server = undefined;
    });
    return waitFor(probe, signal);
  }
}

/** The promise's value, or the signal's reason as soon as it is aborted; nothing of it stays behind. */
export function waitFor<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
