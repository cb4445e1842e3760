import { ConfigError } from "../errors.ts";
import type { Authorize } from "./options.ts";

/**
 * An {@link Authorize} that asks for `Authorization: Bearer <token>`, compared in constant time.
 *
 * @throws ConfigError for a token that is missing or has fewer than 16 characters: a variable that was forgotten must
 * not open the routes.
 *
 * @example
 * ```ts
 * createArenaRoutes(arena, { authorize: bearerToken(process.env.ARENA_ROUTES_TOKEN) });
 * ```
 */
export function bearerToken(token: string | undefined): Authorize {
  if (token === undefined || token.length < 16) {
    throw new ConfigError(
      "bearerToken needs a token of at least 16 characters. Check the variable that it is read from.",
    );
  }
  return (request) => {
    const header = request.headers.get("authorization") ?? "";
    const [, given = ""] = /^bearer +(.+)$/i.exec(header) ?? [];
    return isSameSecret(given, token);
  };
}

/** Compares hashes, so that neither the length nor the first difference shows in the time that it takes. */
export async function isSameSecret(given: string, wanted: string): Promise<boolean> {
  const [first, second] = await Promise.all([digest(given), digest(wanted)]);
  let difference = 0;
  for (const [index, byte] of first.entries()) difference |= byte ^ (second[index] ?? 0);
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
