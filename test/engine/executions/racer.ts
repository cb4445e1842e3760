/** A process of its own that starts the flow for each key that it reads, and answers which execution it holds. */
import { createInterface } from "node:readline";
import { KestraArenaClient } from "../../../src/index.ts";
import { greet } from "./flows.ts";

const [url = "", namespace = ""] = process.argv.slice(2);
const client = new KestraArenaClient({ url, namespace, onWarning: () => {} });

for await (const key of createInterface({ input: process.stdin })) {
  void client
    .start(greet, { who: "Ada", forMs: 120_000 }, { key })
    .then(
      ({ id, started }) => ({ key, id, started }),
      (error: unknown) => ({ key, error: String(error) }),
    )
    .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
}
