import { createRequire } from "node:module";

/** The little of the official client's surface that is measured. */
export interface OfficialClient {
  ApiClient: new (url: string) => { authentications: Record<string, unknown> };
  ExecutionsApi: new (
    client: unknown,
  ) => Record<string, (...parameters: unknown[]) => Promise<unknown>>;
}

/** Loads the official client, the files that it lacks stubbed. */
export function loadOfficial(): OfficialClient {
  return createRequire(import.meta.url)("./official.cjs");
}
