/** What every call of the REST layer takes. */
export interface CallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
  /** The whole time of the call in milliseconds, its retries included. @default the client's `requestTimeoutMs` */
  timeoutMs?: number | undefined;
  /** False where the caller tries again by himself. @default true for what only reads */
  retry?: boolean | undefined;
}

/** The call options alone, to be spread into a request. */
export function callOptions({ signal, timeoutMs, retry }: CallOptions): CallOptions {
  return { signal, timeoutMs, ...(retry !== undefined && { retry }) };
}
