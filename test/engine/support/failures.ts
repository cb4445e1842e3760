import { createServer } from "node:net";
import type { Execution } from "../../../src/index.ts";

/** Why an execution failed, in the words of its error. @throws Error when it did not fail */
export async function reasonOf<Result>(execution: Execution<Result>): Promise<string> {
  const outcome = await execution.outcome();
  if (outcome.ok) throw new Error("The execution has a result.");
  if (outcome.state !== "FAILED") throw new Error(`The execution ended as ${outcome.state}.`);
  return outcome.error.message;
}

/** An address where nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${address.port}`;
}
