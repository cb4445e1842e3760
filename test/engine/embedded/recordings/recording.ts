import { readdirSync, readFileSync } from "node:fs";
import type { EngineLine } from "../../../../engine/index.ts";

/** One exchange with a server of the line, as `test/fixtures/recordings/README.md` says. */
export interface Recording {
  name: string;
  request: {
    method: string;
    path: string;
    contentType: string | null;
    form: [string, string][] | null;
    body: string | null;
    authenticated: boolean;
  };
  response: {
    status: number;
    headers: Record<string, string>;
    json?: unknown;
    text?: string;
  };
}

const FOLDERS = { "2.0": "2.0.0", "1.3": "1.3.25" } as const;

/** The scenario of a line, in the order in which it was recorded. */
export function recordingsOf(line: EngineLine): Recording[] {
  const folder = new URL(`../../../fixtures/recordings/${FOLDERS[line]}/`, import.meta.url);
  return readdirSync(folder)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Recording);
}
