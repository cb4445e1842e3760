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
  "entity-already-exists": "Entity already exists",
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

/** What 1.3 says of a link, and never fills in. */
const unsaid = {
  profile: null,
  deprecation: null,
  title: null,
  hreflang: null,
  type: null,
  name: null,
};

/** An error as the line writes it. @param target - The path and the query that were asked for. */
export function problem(
  line: KestraLine,
  status: number,
  slug: string,
  target: string,
  detail?: string,
): Response {
  const answer =
    line === "2" ? problem2(status, slug, target, detail) : problem13(status, slug, target, detail);
  if (status === 401) answer.headers.set("www-authenticate", "Basic");
  return answer;
}

function problem2(status: number, slug: string, target: string, detail?: string): Response {
  const title = titles[slug] ?? slug;
  const type = `https://kestra.io/docs/api-reference/problems/${slug}`;
  const instance = target.split("?")[0];
  const body = { type, title, status, detail: detail ?? title, instance };
  const answer = json(body, status, "application/problem+json");
  if (status === 404) {
    answer.headers.set("x-kestra-edition", "OSS");
    answer.headers.set("x-kestra-route-matched", "true");
  }
  return answer;
}

function problem13(status: number, slug: string, target: string, detail?: string): Response {
  if (status === 401) return empty(401);
  const prefix = prefixes[slug] ?? slug;
  const message = detail === undefined ? prefix : `${prefix}: ${detail}`;
  const self = { href: target, templated: false, ...unsaid };
  return json({ message, logref: null, path: null, _links: { self }, _embedded: {} }, status);
}
