import type { Query } from "./url.ts";

/** A request, before it is sent. */
export interface KestraRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** The path below the tenant (`executions/search`), or from the root when it begins with a slash. */
  path: string;
  /** The query. */
  query?: Query;
  /** The body. */
  body?: string | FormData;
  /** Its content type; `FormData` brings its own. */
  contentType?: string;
  /** More headers. */
  headers?: Readonly<Record<string, string>>;
  /** What answers are taken. @default "application/json" */
  accept?: string;
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
  /** The whole time of this call, its retries included. @default the client's `requestTimeoutMs` */
  timeoutMs?: number | undefined;
  /** False where somebody else does the retrying, or where a second try could do harm. @default true for a GET */
  retry?: boolean | undefined;
  /** A part of the path that must not show in an error or to a hook, such as a webhook's key. */
  secret?: string;
}
