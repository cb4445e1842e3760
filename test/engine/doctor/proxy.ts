import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** How a proxy treats what it passes on. */
export interface ProxyOptions {
  /** Collects each answer and sends it on only when it is complete, as a buffering proxy does. */
  isBuffering?: boolean;
  /** Changes the text of answers. */
  rewrite?: (path: string, text: string) => string;
}

/** An HTTP proxy in front of a server, on loopback. */
export async function startProxy(target: string, { isBuffering, rewrite }: ProxyOptions) {
  const server = createServer((incoming, outgoing) => {
    const { method, url = "/", headers } = incoming;
    // Uncompressed, so that what is collected is text.
    const asked = { ...headers, "accept-encoding": "identity" };
    const onward = request(new URL(url, target), { method, headers: asked }, async (answer) => {
      const { statusCode = 502, headers: answered } = answer;
      if (isBuffering !== true && rewrite === undefined) {
        outgoing.writeHead(statusCode, answered);
        answer.pipe(outgoing);
        return;
      }
      const text = await collect(answer);
      const { "content-length": _length, "transfer-encoding": _encoding, ...rest } = answered;
      outgoing.writeHead(statusCode, rest);
      outgoing.end(rewrite?.(url, text) ?? text);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function collect(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // What a stream sent before it broke is part of the answer.
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch {}
  return Buffer.concat(chunks).toString("utf8");
}
