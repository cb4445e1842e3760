import { ConfigError } from "../errors.ts";
import type { FlowDefinition, KestraArenaClient } from "../index.ts";

/**
 * What {@link ArenaRouteOptions.authorize} may answer: `true` lets the request in, `false` answers 401, `"forbidden"`
 * answers 403, and a `Response` is sent as it is. Anything else, a forgotten `return` among it, answers 401.
 */
export type Authorization = boolean | "forbidden" | Response;

/** Which route a request is for. */
export interface RouteTarget {
  /** The route's name, as the OpenAPI document has it in `operationId`: `triggerMatch`, `getExecution`, … */
  route: string;
  /** The flow or the execution's id in the path, where there is one. */
  id: string | undefined;
}

/** Decides who may call a route. It must not read the request's body. */
export type Authorize = (
  request: Request,
  target: RouteTarget,
) => Authorization | Promise<Authorization>;

/** Which other origins' pages may call the routes. */
export interface CorsOptions {
  /** Their origins, such as `https://arena.example`. */
  origins: readonly string[];
  /** Lets those pages send cookies. @default false */
  credentials?: boolean | undefined;
}

/** How the routes are served. */
export interface ArenaRouteOptions {
  /**
   * Who may call the routes. It has to be given: whoever can call them can start fine-tuning runs. `"none"` asks
   * nobody, and then answers only under names of the own machine or network (`localhost`, an IP address, a name without
   * dots), so that no page on the internet can reach it by a name that it points here. See {@link bearerToken} for a
   * token. `/health` and `/openapi.json` are open.
   */
  authorize: Authorize | "none";
  /** Pages of which other origins may call the routes. @default none */
  cors?: CorsOptions | undefined;
  /** The largest body in bytes; a larger one is answered by 413. @default 1_048_576 */
  maxBodyBytes?: number | undefined;
  /**
   * The secret of `POST /webhook/:flowId`, which callers send as `x-arena-webhook-secret`. It takes the place of
   * `authorize` there. @default none: `authorize` decides
   */
  webhookSecret?: string | undefined;
  /**
   * The keys of Kestra's own webhook triggers by flow, for triggers whose key is an expression (`{{ secret('KEY') }}`).
   * A key that stands in the flow's text is found by itself.
   *
   * @default none
   */
  webhookKeys?: Readonly<Record<string, string>> | undefined;
  /**
   * Flows of your own that may be read, followed, cancelled and called by webhook, beside the package's: ids of flows in
   * the client's namespace, or definitions.
   *
   * @default none
   */
  flows?: readonly (string | FlowDefinition<never, unknown>)[] | undefined;
  /** Where the routes begin. @default "/api/kestra" */
  basePath?: string | undefined;
  /** How long a stream is silent before a comment is sent to keep it open, in milliseconds. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** How many streams are served at a time; one more is answered by 429. @default 500 */
  maxFollowers?: number | undefined;
  /**
   * Told of every error that is answered by a status from 500 on, with the whole of it for your log.
   *
   * @default errors that nobody expected are written to `console.error`, without credentials
   */
  onError?: ((error: unknown, request: Request) => void) | undefined;
}

/** The options with every default filled in. */
export type RouteSettings = { readonly arena: KestraArenaClient } & {
  readonly [Name in keyof ArenaRouteOptions]-?:
    | Exclude<ArenaRouteOptions[Name], undefined>
    | (Name extends "cors" | "webhookSecret" | "onError" ? undefined : never);
};

/** @throws ConfigError for an unknown option or a bad value. */
export function resolveOptions(
  arena: KestraArenaClient,
  options: ArenaRouteOptions,
): RouteSettings {
  const problem = problemOf(options);
  if (problem !== undefined) throw new ConfigError(`createArenaRoutes: ${problem}.`);
  return {
    arena,
    authorize: options.authorize,
    cors: options.cors,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    webhookSecret: options.webhookSecret,
    webhookKeys: options.webhookKeys ?? {},
    flows: options.flows ?? [],
    basePath: (options.basePath ?? "/api/kestra").replace(/\/+$/, ""),
    heartbeatMs: options.heartbeatMs ?? 15_000,
    maxFollowers: options.maxFollowers ?? 500,
    onError: options.onError,
  };
}

const optionNames: ReadonlySet<string> = new Set<keyof ArenaRouteOptions>([
  "authorize",
  "cors",
  "maxBodyBytes",
  "webhookSecret",
  "webhookKeys",
  "flows",
  "basePath",
  "heartbeatMs",
  "maxFollowers",
  "onError",
]);

function problemOf(options: ArenaRouteOptions | undefined): string | undefined {
  const given: Partial<ArenaRouteOptions> = options ?? {};
  const { authorize, cors, webhookSecret, basePath } = given;
  const unknown = Object.keys(given).find((name) => !optionNames.has(name));
  if (unknown !== undefined) {
    return `there is no option "${unknown}"; the options are ${[...optionNames].join(", ")}`;
  }
  if (authorize !== "none" && typeof authorize !== "function") {
    return 'give authorize, a function that decides who may call the routes, or "none" for local use';
  }
  if (webhookSecret !== undefined && webhookSecret.length < 16) {
    return "webhookSecret needs at least 16 characters; leave it out to let authorize decide";
  }
  if (basePath !== undefined && !/^(\/[\w.~-]+)*\/?$/.test(basePath)) {
    return "basePath must be a path such as /api/kestra";
  }
  return corsProblem(cors) ?? numberProblem(given);
}

function corsProblem(cors: CorsOptions | undefined): string | undefined {
  if (cors === undefined) return undefined;
  const { origins } = cors;
  if (!Array.isArray(origins)) return "cors.origins must be a list of origins";
  const bad = origins.find((origin) => URL.parse(origin)?.origin !== origin);
  if (bad === undefined) return undefined;
  return `cors.origins holds ${JSON.stringify(bad)}, which is no origin such as https://arena.example`;
}

function numberProblem(options: Partial<ArenaRouteOptions>): string | undefined {
  for (const name of ["maxBodyBytes", "heartbeatMs", "maxFollowers"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      return `${name} must be a whole number from 1`;
    }
  }
  return undefined;
}
