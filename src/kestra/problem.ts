import type { Redact } from "./redact.ts";

/** What the body of an error says, whichever line wrote it. */
export interface Problem {
  /** 2.x's slug (`entity-already-exists`). */
  slug: string | undefined;
  /** Kestra's own words. */
  detail: string | undefined;
  /** Kestra's id of a server fault. */
  traceId: string | undefined;
  /** Its list of what is wrong. */
  errors: string[];
}

/**
 * Reads 2.x's `application/problem+json` (`detail`, `errors[].detail`) and 1.3's Micronaut error (`message`,
 * `_embedded.errors[].message`). Anything else, such as a proxy's page, gives its first words.
 */
export function readProblem(body: unknown, redact: Redact): Problem {
  if (typeof body === "string") {
    const json = parseJson(body);
    if (json !== undefined) return readProblem(json, redact);
    // Redacted before anything is taken out or cut: what is left of a secret then would not be known again.
    const text = redact(body)
      .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    const detail = text === "" ? undefined : shorten(text, 200);
    return { slug: undefined, detail, traceId: undefined, errors: [] };
  }
  const problem = asRecord(body);
  const embedded = asRecord(problem._embedded);
  const listed = Array.isArray(problem.errors) ? problem.errors : embedded.errors;
  const errors = (Array.isArray(listed) ? listed : [])
    .map((item) => text(asRecord(item).detail) ?? text(asRecord(item).message))
    .filter((item) => item !== undefined);
  const detail = text(problem.detail) ?? text(problem.message) ?? text(problem.title);
  return {
    slug: text(problem.type)?.split("/").at(-1),
    detail: detail === undefined ? undefined : shorten(redact(detail), 2_000),
    traceId: text(problem.traceId),
    errors: errors.map((error) => shorten(redact(error), 2_000)),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** For JSON that came with another content type. */
function parseJson(body: string): unknown {
  if (!body.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
