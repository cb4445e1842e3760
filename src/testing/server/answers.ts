import type { KestraLine } from "../../kestra/dialect.ts";

/** An answer in JSON. */
export function json(value: unknown, status = 200, type = "application/json"): Response {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": type } });
}

/** An answer without a body. */
export function empty(status: number): Response {
  return new Response(null, { status });
}

/** Reads `problems` by the slug of 2.x. */
const titles: Readonly<Record<string, string>> = {
  unauthenticated: "Authentication required",
  "not-found": "Resource not found",
  conflict: "Conflict",
  "invalid-argument": "Invalid argument",
  "invalid-entity": "Invalid entity",
  "method-not-allowed": "Method not allowed",
  "unsupported-media-type": "Unsupported media type",
  timeout: "Timeout",
};

/** What 1.3 puts before the detail. */
const prefixes: Readonly<Record<string, string>> = {
  "not-found": "Not Found",
  conflict: "Illegal state",
  "invalid-argument": "Illegal argument",
  "invalid-entity": "Invalid entity",
  "method-not-allowed": "Method Not Allowed",
  "unsupported-media-type": "Unsupported Media Type",
};

/** An error as the line writes it. */
export function problem(
  line: KestraLine,
  status: number,
  slug: string,
  path: string,
  detail?: string,
): Response {
  if (line === "2") {
    const title = titles[slug] ?? slug;
    const type = `https://kestra.io/docs/api-reference/problems/${slug}`;
    const body = { type, title, status, detail: detail ?? title, instance: path };
    return json(body, status, "application/problem+json");
  }
  if (status === 401) return empty(401);
  const prefix = prefixes[slug] ?? slug;
  const message = detail === undefined ? prefix : `${prefix}: ${detail}`;
  const self = { href: path, templated: false };
  return json({ message, logref: null, path: null, _links: { self }, _embedded: {} }, status);
}
