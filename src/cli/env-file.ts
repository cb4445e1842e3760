import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { messageOf } from "../errors/message-of.ts";
import { UsageError } from "./exit-codes.ts";

/**
 * Reads `.env` in the present folder where there is one, as `node --env-file` would: a variable that is set already
 * stays as it is. The library itself never does: only a program may decide where its environment comes from. The option
 * is not called `--env-file`, which Node takes for its own wherever it stands.
 */
export function readEnvFile(option: string | boolean | undefined): void {
  if (option === false) return;
  const isNamed = typeof option === "string";
  const path = isNamed ? option : ".env";
  if (!isNamed && !existsSync(path)) return;
  try {
    loadEnvFile(path);
  } catch (error) {
    throw new UsageError(`The environment file ${path} cannot be read: ${messageOf(error)}`);
  }
}
