import { waitFor } from "./deadline.ts";
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
  #known: ServerInfo | undefined;
  #probe: Probe | undefined;

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
    signal?.throwIfAborted();
    if (this.#known !== undefined) return this.#known;
    const probe = this.#probe ?? this.#ask();
    probe.waiting += 1;
    try {
      return await waitFor(probe.answer, signal);
    } finally {
      probe.waiting -= 1;
      // Not ended by one caller's signal, as others wait for the same answer; but by the last one's.
      if (probe.waiting === 0) this.#end(probe);
    }
  }

  #ask(): Probe {
    const abort = new AbortController();
    const answer = probeServer(this.transport, abort.signal).then((server) => {
      this.#known = server;
      this.#onServer(server);
      return server;
    });
    this.#probe = { answer, abort, waiting: 0 };
    return this.#probe;
  }

  #end(probe: Probe): void {
    this.#probe = undefined;
    probe.abort.abort();
  }
}

/** The question for the version, shared by all who wait for its answer. */
interface Probe {
  readonly answer: Promise<ServerInfo>;
  readonly abort: AbortController;
  waiting: number;
}
