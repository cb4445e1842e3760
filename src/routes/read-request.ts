import * as z from "zod";
import { zodIssues } from "../errors/zod-issues.ts";
import { invalidRequest, RouteError } from "./route-error.ts";

/** The body as JSON, checked. No body at all is an empty object, where that will do. @throws RouteError 400 or 415 */
export async function readBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const text = await request.text();
  if (text === "") {
    refuseSwallowed(request);
    return check(schema, {}, []);
  }
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) {
    const error = `The body must be JSON, sent as application/json${type === "" ? "" : `, not ${type.slice(0, 100)}`}.`;
    throw new RouteError(415, { error, code: "unsupported_media_type" });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest([{ path: [], message: "is no JSON" }]);
  }
  return check(schema, value, []);
}

/** The query, checked; a parameter that is given twice is a list, which none takes. @throws RouteError 400 */
export function readQuery<Query>(request: Request, schema: z.ZodType<Query>): Query {
  const values: Record<string, unknown> = Object.create(null);
  for (const [key, value] of new URL(request.url).searchParams) {
    values[key] = key in values ? [values[key], value].flat() : value;
  }
  return check(schema, { ...values }, ["query"]);
}

/** A number in a query: in digits, where zod's own coercion would take an empty text for 0. */
export function queryNumber(schema: z.ZodType<number>): z.ZodPreprocess<z.ZodType<number>> {
  const read = (text: unknown) =>
    typeof text === "string" && /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  return z.preprocess(read, schema);
}

/** A key, as it may be sent. */
export const keyPattern = /^[!-~]([ -~]{0,198}[!-~])?$/;

/**
 * The caller's `Idempotency-Key`, plain or in quotes.
 *
 * @throws RouteError 400
 */
export function readKey(request: Request): string | undefined {
  const header = request.headers.get("idempotency-key");
  if (header === null) return undefined;
  const key = header.trim().replace(/^"(.*)"$/, "$1");
  if (keyPattern.test(key)) return key;
  const message = "must be 1 to 200 printable characters";
  throw invalidRequest([{ path: ["header", "Idempotency-Key"], message }]);
}

/** A body that was read before it came here looks like none, and its sender would be told that fields are missing. */
function refuseSwallowed(request: Request): void {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length === 0) return;
  const error =
    "The body was read before it reached the arena's routes. Mount them before express.json() and the like.";
  throw new RouteError(500, { error, code: "body_consumed" });
}

/** True for a request that only asks. */
export function isReading({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

function check<Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  prefix: readonly (string | number)[],
): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(zodIssues(parsed.error, prefix));
}
