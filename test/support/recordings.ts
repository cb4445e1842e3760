import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import type { KestraLine } from "../../src/kestra/dialect.ts";
import { KestraApi } from "../../src/kestra/index.ts";

/** One exchange with a real server. */
export interface Recording {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType: string | null;
    readonly form: readonly (readonly [string, string])[] | null;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly text?: string;
  };
}

/** The lines, and the versions that were recorded of them. */
export const recordedLines = [
  { line: "1.3", version: "1.3.25" },
  { line: "2", version: "2.0.0" },
] as const;

/** The recordings of a line by their names, without the numbers. */
export function recordingsOf(line: KestraLine): ReadonlyMap<string, Recording> {
  const { version } = recordedLines.find((recorded) => recorded.line === line) ?? recordedLines[0];
  const folder = new URL(`../fixtures/recordings/${version}/`, import.meta.url);
  return new Map(
    readdirSync(folder).map((file) => {
      const recording = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Recording;
      return [file.replace(/^\d+-|\.json$/g, ""), recording] as const;
    }),
  );
}

/** A recording by its name. @throws when the line has none of it. */
export function recordingOf(line: KestraLine, name: string): Recording {
  const recording = recordingsOf(line).get(name);
  if (recording === undefined) throw new Error(`${line} has no recording ${name}`);
  return recording;
}

/** What pages and orders a search: the SDK always says it, the recordings only where it mattered. */
const sentBesides = new Set(["page", "size", "sort"]);

/**
 * A REST layer that is answered by one recording, and that has to send what was sent then.
 *
 * @param tenant - When it is not `main`.
 */
export function replay(line: KestraLine, name: string, tenant = "main"): KestraApi {
  const { request, response } = recordingOf(line, name);
  return apiWith(line, tenant, async (input, init = {}) => {
    const sent = new URL(String(input));
    const recorded = new URL(request.path, sent);
    expect(`${init.method} ${sent.pathname}`).toBe(`${request.method} ${recorded.pathname}`);
    const query = [...sent.searchParams].filter(
      ([key]) => !sentBesides.has(key) || recorded.searchParams.has(key),
    );
    expect(sorted(query)).toEqual(sorted([...recorded.searchParams]));
    expect(bodyOf(init)).toEqual({
      contentType: request.contentType,
      form: request.form,
      body: request.body && parsed(request.body),
    });
    return toResponse(response);
  });
}

/** A REST layer over any `fetch`. */
export function apiWith(
  line: KestraLine,
  tenant: string,
  fetch: typeof globalThis.fetch,
): KestraApi {
  return new KestraApi({
    url: "http://kestra.test",
    tenant,
    line,
    authorization: "Basic dXNlcjpwYXNzd29yZA==",
    secrets: ["password"],
    headers: {},
    retries: 0,
    requestTimeoutMs: 5_000,
    fetch,
    hooks: undefined,
    tracer: undefined,
    onServer: () => {},
  });
}

/** The answer as the server gave it. A stream that broke off does so again. */
export function toResponse({ status, headers, json, text = "" }: Recording["response"]): Response {
  if (status === 204) return new Response(null, { status });
  const body = json === undefined ? text : JSON.stringify(json);
  const broken = "<<IncompleteRead>>";
  if (!body.endsWith(broken)) return new Response(body, { status, headers });
  const bytes = new TextEncoder().encode(body.slice(0, -broken.length));
  let isSent = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent) controller.error(new TypeError("terminated"));
      else controller.enqueue(bytes);
      isSent = true;
    },
  });
  return new Response(stream, { status, headers });
}

function sorted(query: readonly (readonly [string, string])[]): string[] {
  return query.map(([key, value]) => `${key}=${value}`).sort();
}

/** JSON that was written with other white space is the same. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function bodyOf({ body, headers }: RequestInit): unknown {
  const type = new Headers(headers).get("content-type")?.split(";")[0] ?? null;
  if (type !== "multipart/form-data") {
    return { contentType: type, form: null, body: typeof body === "string" ? parsed(body) : null };
  }
  const boundary = new Headers(headers).get("content-type")?.split("boundary=")[1] ?? "";
  const parts = String(body).split(`--${boundary}`).slice(1, -1);
  const form = parts.map((part) => {
    const match = /^\r\ncontent-disposition: form-data; name="([^"]*)"\r\n\r\n([\s\S]*)\r\n$/.exec(
      part,
    );
    return [match?.[1] ?? "", match?.[2] ?? ""] as const;
  });
  return { contentType: type, form, body: null };
}
