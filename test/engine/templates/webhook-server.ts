import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What came to a webhook. */
interface Delivery {
  path: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

/** A webhook on loopback that keeps what it gets; paths under `/broken` are answered with 500. */
export interface WebhookServer extends AsyncDisposable {
  url: string;
  deliveries: Delivery[];
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const body = (await json(request)) as Record<string, unknown>;
    deliveries.push({ path, authorization: request.headers.authorization, body });
    response.statusCode = path.startsWith("/broken") ? 500 : 200;
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
