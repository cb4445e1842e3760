import { createServer } from "node:net";
import { expect } from "vitest";
import type { Execution } from "../../../src/index.ts";
import type { FlowWorld } from "./flow-world.ts";

/** Why an execution failed; itself fails when the execution did not. */
export async function reasonOf(execution: Execution<unknown>): Promise<string> {
  const outcome = await execution.outcome();
  expect(outcome).toMatchObject({ ok: false, state: "FAILED" });
  return outcome.ok ? "" : outcome.error.message;
}

/** Starts a flow with inputs as they are, past the checks of the SDK. The status of Kestra's answer. */
export async function startUnchecked(
  { api, namespace }: FlowWorld,
  flowId: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(inputs)) form.append(name, String(value));
  const url = `${api}/executions/${namespace}/${flowId}`;
  return (await fetch(url, { method: "POST", body: form })).status;
}

/** An address where nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  return `http://127.0.0.1:${address.port}`;
}
