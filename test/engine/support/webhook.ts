import { createServer } from "node:http";
import { json } from "node:stream/consumers";

/** A webhook that takes Slack's shape and answers in JSON: Kestra's `http()` reads no other answer. */
export interface Webhook {
  /** Its address, secret included. */
  url: string;
  /** The part of the address that nobody may see. */
  secret: string;
  /** The bodies that came, those that were refused included. */
  received: unknown[];
  /** The status that it answers with. */
  answer: number;
  close(): Promise<void>;
}

/** Starts a webhook on loopback. */
export async function startWebhook(): Promise<Webhook> {
  const secret = "T000-B000-webhook-secret";
  const received: unknown[] = [];
  const server = createServer(async (request, response) => {
    received.push(await json(request));
    response.writeHead(webhook.answer, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: webhook.answer === 200 }));
  });
  const webhook: Webhook = {
    url: "",
    secret,
    received,
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  webhook.url = `http://127.0.0.1:${address.port}/services/${secret}`;
  return webhook;
}
