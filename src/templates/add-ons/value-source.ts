import { InputError } from "../../errors.ts";
import type { ValueSource } from "./add-on.ts";

/**
 * The Pebble expression that reads a value.
 *
 * @throws InputError for a name that Kestra would not find, or that could be the value itself.
 */
export function readSource(addOn: string, option: string, source: ValueSource): string {
  if ("secret" in source && isName(source.secret)) return `{{ secret('${source.secret}') }}`;
  // Kestra keeps the names of its environment in lower case.
  if ("env" in source && isName(source.env)) return `{{ envs.${source.env.toLowerCase()} }}`;
  // The value is not shown: it may be the secret that was given in place of its name.
  const message =
    "must name where Kestra finds the value, as { secret: 'NAME' } or { env: 'NAME' } with letters, digits and underscores; the value itself must not stand in a flow";
  throw new InputError(`Add-on ${addOn}`, [{ path: [option], message }]);
}

function isName(name: unknown): boolean {
  return typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name);
}
