import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { type ArenaCore, createArena } from "./app.ts";
import type { ArenaOptions } from "./options.ts";

export interface ServedArenaOptions extends ArenaOptions {
  /** 0 takes a free port. @default 0 */
  port?: number;
}

/** A sample arena that listens on loopback. */
export interface Arena extends ArenaCore, AsyncDisposable {
  /** Without a slash at its end, as `ARENA_API_URL` wants it. */
  url: string;
  port: number;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** Starts an arena on 127.0.0.1. @throws Error for bad options, or when the port is taken */
export async function startArena(options: ServedArenaOptions = {}): Promise<Arena> {
  const { port: wantedPort = 0, ...rest } = options;
  const core = createArena(rest);
  const server = createAdaptorServer({ fetch: core.app.fetch });
  // Longer than clients keep an idle connection, or they would now and then meet one being closed.
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 120_000;

  await listen(server, wantedPort);
  const { port } = server.address() as AddressInfo;

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
  }

  return {
    ...core,
    // A spread would keep what the getters gave at the start.
    get planted() {
      return core.planted;
    },
    get peakLiveMatches() {
      return core.peakLiveMatches;
    },
    url: `http://127.0.0.1:${port}`,
    port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: ServerType, port: number): Promise<void> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The arena cannot listen on port ${port} (${reason}). Take another port, or 0 for a free one.`,
      { cause: error },
    );
  }
}
