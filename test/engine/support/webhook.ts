import { createServer } from "node:http";
import { json } from "node:stream/consumers";

/** A webhook that takes Slack's shape and answers as Slack does, in plain text. */
export interface Webhook {
  /** Its address, secret included. */
  url: string;
  /** The part of the address that nobody may see. */
  secret: string;
  /** The bodies that came, those that were refused included. */
  received: unknown[];
  /** The status that it answers with. */
  answer: number;
  /** The text that it answers with; Slack's is "ok". */
  body: string;
  close(): Promise<void>;
}

/** Starts a webhook on loopback. */
export async function startWebhook(): Promise<Webhook> {
  const secret = "T000-B000-webhook-secret";
  const received: unknown[] = [];
  const server = createServer(async (request, response) => {
    received.push(await json(request));
    response.writeHead(webhook.answer, { "content-type": "text/html" });
    response.end(webhook.body);
  });
  const webhook: Webhook = {
    url: "",
    secret,
    received,
    answer: 200,
    body: "ok",
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
