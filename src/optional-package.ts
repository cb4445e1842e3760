import { ConfigError } from "./errors.ts";

/**
 * Loads a package that only some uses need.
 *
 * @throws ConfigError naming what to install when it is not there.
 */
export async function loadOptional<Module>(
  load: () => Promise<Module>,
  name: string,
  purpose: string,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ConfigError(`${purpose} needs the package ${name}. Install it: npm install ${name}`);
  }
}

/** True for an import of a package that is not installed. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
