import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SimulatedKestra } from "../../src/testing/server/simulated-kestra.ts";

/** A simulated Kestra behind a real HTTP server. */
export interface ServedKestra extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Closes it, its connections included. */
  close(): Promise<void>;
}

/** Serves a simulated Kestra on a free port of the loopback interface. */
export async function serveKestra(kestra: SimulatedKestra, port = 0): Promise<ServedKestra> {
  const server = createServer((request, response) => {
    void answer(kestra, request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  const close = () => closeServer(server);
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(
  kestra: SimulatedKestra,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const method = request.method ?? "GET";
    const answered = await kestra.fetch(`${kestra.url}${request.url}`, {
      method,
      headers: request.headers as Record<string, string>,
      signal: abort.signal,
      ...(body !== "" && { body }),
    });
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.flushHeaders();
    for await (const chunk of answered.body ?? []) response.write(chunk);
    response.end();
  } catch {
    // What breaks in the simulation breaks on the wire.
    response.destroy();
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
