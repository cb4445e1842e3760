import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** Stands before an arena, and can keep the answer to a created match to itself, or the question for a while. */
export interface HoldingProxy extends AsyncDisposable {
  url: string;
  /** The arena that it stands before. */
  target: string;
  /** Resolves when the arena has created the next match, whose answer then never comes. */
  holdNext(): Promise<void>;
  /** Resolves when the next match is asked for, which the arena hears only so much later, whoever still waits for it. */
  delayNext(delayMs: number): Promise<void>;
}

/** Starts one on a free port. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  let onHeld: (() => void) | undefined;
  let delayed: { delayMs: number; onAsked: () => void } | undefined;
  const proxy: HoldingProxy = {
    url: "",
    target,
    holdNext: () =>
      new Promise((resolve) => {
        onHeld = resolve;
      }),
    delayNext: (delayMs) =>
      new Promise((resolve) => {
        delayed = { delayMs, onAsked: resolve };
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const body = method === "POST" ? await buffer(request) : undefined;
    const isCreation = method === "POST" && url === "/api/matches";
    if (isCreation && delayed !== undefined) {
      const { delayMs, onAsked } = delayed;
      delayed = undefined;
      onAsked();
      await setTimeout(delayMs);
    }
    const answer = await fetch(new URL(url, proxy.target), {
      method,
      headers: {
        "content-type": headers["content-type"] ?? "application/json",
        ...(headers.authorization !== undefined && { authorization: headers.authorization }),
      },
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    if (isCreation && onHeld !== undefined) {
      onHeld();
      onHeld = undefined;
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
