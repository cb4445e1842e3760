import { ArenaError, ConfigError } from "../errors.ts";

/** Where the arena's backend is and how it is asked. */
export interface ArenaReaderOptions {
  /** The backend's base URL. @default `ARENA_API_URL`, else `http://localhost:3001` */
  arenaUrl?: string;
  /** Sent as a bearer token when given. @default `ARENA_API_KEY`, else none */
  arenaApiKey?: string;
  /** Takes the place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Ends the call. */
  signal?: AbortSignal;
  /** Of one request, in ms. @default 30000 */
  timeoutMs?: number;
}

/**
 * Reads a JSON answer of the backend.
 *
 * @param path Begins with a slash.
 * @throws ArenaError when the backend cannot be reached or answers something else; ConfigError when its URL is
 * none; the signal's reason.
 */
export async function readArena(path: string, options: ArenaReaderOptions): Promise<unknown> {
  const url = arenaUrl(path, options);
  const key = options.arenaApiKey ?? process.env.ARENA_API_KEY;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const headers: Record<string, string> = { accept: "application/json" };
  if (key) headers.authorization = `Bearer ${key}`;
  let response: Response;
  try {
    response = await (options.fetch ?? globalThis.fetch)(url, { headers, signal });
  } catch (cause) {
    options.signal?.throwIfAborted();
    const hint = "Check that the backend runs and that ARENA_API_URL names it.";
    throw new ArenaError("connection", `The arena did not answer GET ${url}. ${hint}`, { cause });
  }
  if (!response.ok) {
    const code = response.status === 404 ? "not_found" : "connection";
    throw new ArenaError(code, `The arena answered GET ${url} with status ${response.status}.`);
  }
  try {
    return await response.json();
  } catch (cause) {
    options.signal?.throwIfAborted();
    const what = cause instanceof SyntaxError ? "was something else than JSON" : "broke off";
    const message = `The arena's answer to GET ${url} ${what}.`;
    throw new ArenaError("connection", message, { cause });
  }
}

function arenaUrl(path: string, options: ArenaReaderOptions): string {
  const base = options.arenaUrl ?? process.env.ARENA_API_URL ?? "http://localhost:3001";
  if (!URL.canParse(base)) {
    throw new ConfigError(
      "arenaUrl (or ARENA_API_URL) is not a URL such as http://localhost:3001.",
    );
  }
  const url = new URL(base);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError("arenaUrl holds a user or password. Give arenaApiKey instead.");
  }
  return `${base.replace(/\/+$/, "")}${path}`;
}
