import type { Route } from "./faults.ts";

/** The execution that a path is about. */
export function idOf(path: string): string {
  const parts = path.split("/").map(decodeURIComponent);
  if (parts[0] === "outputs") return parts[2] ?? "";
  return parts[1] ?? "";
}

/** What a request is for. */
export function routeOf(pathname: string, method: string): Route {
  if (pathname.startsWith("/api/v1/configs")) return "configs";
  const [first, second = "", ...rest] = pathname.replace(/^\/api\/v1\/main\//, "").split("/");
  const last = rest.at(-1);
  if (first === "outputs") return "outputs";
  if (first === "logs") return "logs";
  if (first !== "executions") return "other";
  if (second === "search") return "search";
  if (last === undefined) return "get";
  if (last === "follow") return "follow";
  if (last === "file") return "file";
  if (last === "kill" && method === "DELETE") return "kill";
  const actions = ["pause", "resume", "restart", "replay"];
  if (method === "POST" && actions.includes(last)) return "action";
  if (last === "labels") return "other";
  // `…/{namespace}/{flowId}/validate` starts nothing.
  if (method === "POST" && rest.length === 1) return "create";
  return "other";
}

/** The text parts of a multipart body, or the parts of a form. */
export function readForm({ body }: RequestInit): Record<string, unknown> {
  if (body instanceof FormData) return Object.fromEntries(body);
  if (typeof body !== "string") return {};
  const inputs: Record<string, unknown> = {};
  const part = /name="([^"]*)"\r\n\r\n([\s\S]*?)\r\n--/g;
  for (const [, name = "", value = ""] of body.matchAll(part)) inputs[name] = value;
  return inputs;
}
