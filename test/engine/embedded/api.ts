import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../engine/index.ts";

const LIMIT_MS = 120_000;
const POLL_MS = 250;

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many kinds, read by one test each
  body: any;
}

/** Calls of an engine's API, by their path below the tenant. */
export function apiOf(engine: Engine) {
  const call = async (
    method: string,
    path: string,
    body?: string,
    type?: string,
  ): Promise<Answer> => {
    const response = await fetch(`${engine.url}/api/v1/main${path}`, {
      method,
      body: body ?? null,
      headers: type === undefined ? {} : { "content-type": type },
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
    };
  };
  return {
    call,
    get: (path: string) => call("GET", path),
    json: (method: string, path: string, body: unknown) =>
      call(method, path, JSON.stringify(body), "application/json"),
    deploy: (source: string) => call("POST", "/flows", source, "application/x-yaml"),
    start: async (flow: string): Promise<string> =>
      (await call("POST", `/executions/${flow}`)).body.id,
    stateOf: async (id: string): Promise<string> =>
      (await call("GET", `/executions/${id}`)).body.state.current,
  };
}

/** Resolves with the first value that is `right`. @throws after two minutes, with the last value. */
export async function until<Value>(
  read: () => Promise<Value>,
  isRight: (value: Value) => boolean,
): Promise<Value> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    if (Date.now() > end) throw new Error(`Still ${JSON.stringify(value)}`);
    await delay(POLL_MS);
  }
}
