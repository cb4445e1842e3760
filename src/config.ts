import { ConfigError } from "./errors.ts";
import { isKestraLine, type KestraLine } from "./kestra/dialect.ts";
import type { TracerLike, TransportHooks } from "./kestra/transport.ts";

/** How the client proves who it is: a user of open-source Kestra, or an API token of Kestra Enterprise. */
export type KestraAuth =
  | {
      /** The user's e-mail address. */
      username: string;
      /** The user's password. */
      password: string;
    }
  | {
      /** The API token. */
      apiToken: string;
    };

/** Something that went otherwise than it should, and that the client got over. */
export interface ArenaWarning {
  /** What kind, stable across releases. */
  code:
    | "unknown_state"
    | "unsupported_version"
    | "stream_unavailable"
    | "stream_buffered"
    | "poll_failing"
    | "kill_pending"
    | "duplicate_killed"
    | "hook_failed"
    | "flow_drifted";
  /** What, where, and what to do. */
  message: string;
  /** The execution that it is about, when it is about one. */
  executionId?: string;
}

/** The options of a client. Each has a default, most of them from the environment. */
export interface KestraArenaOptions {
  /**
   * Kestra's base URL. A user and a password in it are taken out and used.
   *
   * @default the variable `KESTRA_URL`, else `http://localhost:8080`
   */
  url?: string | URL | undefined;
  /** @default `KESTRA_API_KEY`, else `KESTRA_USERNAME` with `KESTRA_PASSWORD`, else none */
  auth?: KestraAuth | undefined;
  /** The tenant; open-source Kestra has just the one. @default `KESTRA_TENANT`, else `main` */
  tenant?: string | undefined;
  /** The namespace of the arena's flows. @default `KESTRA_NAMESPACE`, else `ai-arena` */
  namespace?: string | undefined;
  /** Kestra's version line, to spare the question or to overrule the answer. @default the server is asked once */
  line?: KestraLine | undefined;
  /** Labels that every execution gets. @default none */
  labels?: Readonly<Record<string, string>> | undefined;
  /**
   * The whole time of one call in milliseconds, its retries included. Waiting for an execution has its own time-out.
   *
   * @default 40_000, as Kestra 2.x may take 30 s to confirm a start
   */
  requestTimeoutMs?: number | undefined;
  /** How often a read is tried again after a 408, 429, 5xx or a broken connection. @default 3 */
  retries?: number | undefined;
  /** How often the watcher looks, in milliseconds. @default 1_000 */
  tickMs?: number | undefined;
  /** Up to how many executions are followed by a stream each. @default 32 */
  maxStreams?: number | undefined;
  /** Sent with each request. @default none */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the global `fetch`: for a proxy (undici's `ProxyAgent`), or for tests. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Called around each request. */
  hooks?: TransportHooks | undefined;
  /** An OpenTelemetry tracer (`trace.getTracer("my-app")`); each call gets a span. @default none */
  tracer?: TracerLike | undefined;
  /** Told what went otherwise than it should. @default `process.emitWarning` */
  onWarning?: ((warning: ArenaWarning) => void) | undefined;
}

/** {@link KestraArenaOptions} with every default filled in. The credentials are kept apart, so that this can be shown. */
export interface KestraArenaSettings {
  /** Kestra's base URL, without user, password, or a slash at its end. */
  readonly url: string;
  /** How the client proves who it is. */
  readonly authentication: "basic" | "bearer" | "none";
  /** The tenant. */
  readonly tenant: string;
  /** The namespace of the arena's flows. */
  readonly namespace: string;
  /** The line that was given; `undefined` when the server is asked. */
  readonly line: KestraLine | undefined;
  /** Labels that every execution gets. */
  readonly labels: Readonly<Record<string, string>>;
  /** The whole time of one call in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How often a read is tried again. */
  readonly retries: number;
  /** How often the watcher looks, in milliseconds. */
  readonly tickMs: number;
  /** Up to how many executions are followed by a stream each. */
  readonly maxStreams: number;
}

/** The settings, and apart from them what must never show. */
export interface ResolvedConfig {
  settings: KestraArenaSettings;
  /** The `authorization` header. */
  authorization: string | undefined;
  /** What must never show: the password, the token, and the header made from them. */
  secrets: string[];
}

/**
 * Fills in what the options leave out, from the environment and the defaults.
 *
 * @throws ConfigError for an unknown option, a bad value, or half of a user and password.
 */
export function resolveConfig(
  options: KestraArenaOptions = {},
  environment: Readonly<Record<string, string | undefined>> = readEnvironment(),
): ResolvedConfig {
  for (const key of Object.keys(options)) {
    if (optionNames.has(key)) continue;
    throw new ConfigError(
      `KestraArenaClient has no option "${key}". Its options: ${[...optionNames].join(", ")}.`,
    );
  }
  const url = readUrl(options.url ?? environment.KESTRA_URL ?? "http://localhost:8080");
  const auth = options.auth ?? authOfUrl(url) ?? authOfEnvironment(environment);
  checkAuth(auth);
  const { authorization, secrets } = authorizationOf(auth);
  const urlSecret = url.password;
  url.username = "";
  url.password = "";
  const { line } = options;
  if (line !== undefined && !isKestraLine(line)) {
    throw new ConfigError(`line must be "1.3" or "2", not ${JSON.stringify(line)}.`);
  }
  return {
    settings: {
      url: url.href.replace(/\/+$/, ""),
      authentication: auth === undefined ? "none" : "apiToken" in auth ? "bearer" : "basic",
      tenant: readName("tenant", options.tenant ?? environment.KESTRA_TENANT ?? "main"),
      namespace: readName(
        "namespace",
        options.namespace ?? environment.KESTRA_NAMESPACE ?? "ai-arena",
      ),
      line,
      labels: { ...options.labels },
      requestTimeoutMs: readNumber("requestTimeoutMs", options.requestTimeoutMs ?? 40_000, 1),
      retries: readNumber("retries", options.retries ?? 3, 0),
      tickMs: readNumber("tickMs", options.tickMs ?? 1_000, 10),
      maxStreams: readNumber("maxStreams", options.maxStreams ?? 32, 0),
    },
    authorization,
    secrets: [...secrets, urlSecret, ...secretHeaders(options.headers)],
  };
}

/** Headers that carry a credential by their name. */
function secretHeaders(headers: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|cookie|token|key|secret|session|password/i.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, "")]);
}

const optionNames: ReadonlySet<string> = new Set<keyof KestraArenaOptions>([
  "url",
  "auth",
  "tenant",
  "namespace",
  "line",
  "labels",
  "requestTimeoutMs",
  "retries",
  "tickMs",
  "maxStreams",
  "headers",
  "fetch",
  "hooks",
  "tracer",
  "onWarning",
]);

/** Not every runtime has `process`. */
function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return typeof process === "undefined" ? {} : process.env;
}

function readUrl(url: string | URL): URL {
  const parsed = URL.parse(String(url));
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    // The text itself is not shown: a URL may hold a password.
    throw new ConfigError(
      "KESTRA_URL (or the option url) is not an http or https URL. Give it as http://localhost:8080.",
    );
  }
  parsed.hash = "";
  parsed.search = "";
  return parsed;
}

function authOfUrl(url: URL): KestraAuth | undefined {
  if (url.username === "" && url.password === "") return undefined;
  try {
    return {
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw new ConfigError(
      'The user or the password in KESTRA_URL (or the option url) holds a "%" that is not part of an escape. Write "%25" for it.',
    );
  }
}

function authOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): KestraAuth | undefined {
  const { KESTRA_API_KEY: apiToken, KESTRA_USERNAME, KESTRA_PASSWORD } = environment;
  if (apiToken) return { apiToken };
  if (!KESTRA_USERNAME && !KESTRA_PASSWORD) return undefined;
  return { username: KESTRA_USERNAME ?? "", password: KESTRA_PASSWORD ?? "" };
}

function checkAuth(auth: KestraAuth | undefined): void {
  if (auth === undefined) return;
  if ("apiToken" in auth) {
    if (auth.apiToken) return;
    throw new ConfigError("auth.apiToken is empty. Leave auth out where Kestra asks for none.");
  }
  if (auth.username && auth.password) return;
  throw new ConfigError(
    "Basic authentication needs a user and a password: set both KESTRA_USERNAME and KESTRA_PASSWORD, or neither.",
  );
}

function authorizationOf(
  auth: KestraAuth | undefined,
): Pick<ResolvedConfig, "authorization" | "secrets"> {
  if (auth === undefined) return { authorization: undefined, secrets: [] };
  if ("apiToken" in auth) {
    return { authorization: `Bearer ${auth.apiToken}`, secrets: [auth.apiToken] };
  }
  const { username, password } = auth;
  const encoded = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
  return { authorization: `Basic ${encoded}`, secrets: [password, encoded] };
}

function readName(option: string, value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) return value;
  throw new ConfigError(
    `${option} must be letters, digits, dots, dashes and underscores, not ${JSON.stringify(value)}.`,
  );
}

function readNumber(option: string, value: number, min: number): number {
  if (Number.isFinite(value) && value >= min) return value;
  throw new ConfigError(`${option} must be a number of at least ${min}, not ${String(value)}.`);
}
