import type { RouteSettings, RouteTarget } from "./options.ts";
import { isReading } from "./read-request.ts";
import { RouteError } from "./route-error.ts";
import { isSameSecret } from "./secret.ts";

/** Lets a request in, or throws the answer that turns it away. */
export async function admit(
  request: Request,
  target: RouteTarget,
  access: "authorized" | "secret",
  settings: RouteSettings,
): Promise<void> {
  refuseCrossSite(request, settings);
  if (access === "secret" && settings.webhookSecret !== undefined) {
    const given = request.headers.get("x-arena-webhook-secret") ?? "";
    if (await isSameSecret(given, settings.webhookSecret)) return;
    throw unauthenticated("The webhook's secret is missing or wrong (x-arena-webhook-secret).");
  }
  if (settings.authorize === "none") return refuseForeignName(request);
  const answer = await settings.authorize(request, target);
  if (answer === true) return;
  if (answer === "forbidden") {
    throw new RouteError(403, { error: "You may not do this.", code: "forbidden" });
  }
  if (answer instanceof Response) throw new SentAsIs(answer);
  throw unauthenticated("Sign in first.");
}

/** A `Response` that `authorize` wants sent. */
class SentAsIs extends RouteError {
  readonly #response: Response;

  constructor(response: Response) {
    super(response.status, { error: "Refused", code: "forbidden" });
    this.#response = response;
  }

  override toResponse(): Response {
    return this.#response;
  }
}

function unauthenticated(error: string): RouteError {
  // Bearer: a browser asks its user for a password only when it reads Basic here.
  return new RouteError(401, { error, code: "unauthenticated" }, { "www-authenticate": "Bearer" });
}

/**
 * A page of another site can make a browser send a POST with the user's cookies. Browsers say where a request comes
 * from; programs do not, and are not meant here.
 */
function refuseCrossSite(request: Request, { cors }: RouteSettings): void {
  if (isReading(request)) return;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (origin !== null && cors?.origins.includes(origin)) return;
  const isOwn =
    site === null
      ? origin === null || URL.parse(origin)?.host === hostOf(request)
      : site === "same-origin" || site === "none";
  if (isOwn) return;
  const error = `Pages of ${origin ?? "another site"} may not call this. List the origin in createArenaRoutes' cors.origins.`;
  throw new RouteError(403, { error, code: "cross_site" });
}

/** By a DNS name that it controls, a page could pass a machine of the local network off as its own origin. */
function refuseForeignName(request: Request): void {
  const name = hostOf(request).replace(/:\d+$/, "").toLowerCase();
  const isLocal =
    !name.includes(".") ||
    /^\d+\.\d+\.\d+\.\d+$/.test(name) ||
    /\.(localhost|local|internal|test)$/.test(name);
  if (isLocal) return;
  const error =
    'These routes were made with authorize: "none", which is for local use, and answer under local names only. Give createArenaRoutes an authorize function.';
  throw new RouteError(403, { error, code: "forbidden" });
}

function hostOf(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}
