import { InputError } from "../errors.ts";

/** Query parameters: a list repeats its key, `undefined` is left out. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;

/** A value of a query. */
export type QueryValue = string | number | boolean | undefined;

/** Joins a base URL, the tenant and a path below it; a path that begins with a slash starts at the base. */
export function tenantUrl(baseUrl: string, tenant: string, path: string): string {
  if (path.startsWith("/")) return `${baseUrl}${path}`;
  return `${baseUrl}/api/v1/${segment(tenant)}/${path}`;
}

/**
 * One part of a path, made safe: an id never reaches another route.
 *
 * @throws InputError for what cannot be one: `.` and `..`, encoded or not, are resolved away with what stands before them.
 */
export function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) {
    const message = `must be an id or a name, not ${JSON.stringify(text)}`;
    throw new InputError("Path of a request to Kestra", [{ path: [], message }]);
  }
  return encodeURIComponent(text);
}

/** Appends a query. Brackets stay readable, as Kestra's documentation writes `filters[state][IN]`. */
export function withQuery(url: string, query: Query = {}): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined) continue;
      parts.push(`${encodeKey(key)}=${encodeURIComponent(String(item))}`);
    }
  }
  return parts.length === 0 ? url : `${url}?${parts.join("&")}`;
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll("%5B", "[").replaceAll("%5D", "]");
}
