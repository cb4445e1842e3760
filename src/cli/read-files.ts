import { readFile } from "node:fs/promises";
import { messageOf } from "../errors/message-of.ts";
import type { Cli } from "./cli.ts";
import { UsageError } from "./exit-codes.ts";

/** All of a file, or of standard input for `-`. @throws UsageError */
export async function readText(cli: Cli, path: string): Promise<string> {
  try {
    return path === "-" ? await cli.readStdin() : await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/** The JSON value that a file holds, or standard input for `-`. @throws UsageError */
export async function readJson(cli: Cli, path: string): Promise<unknown> {
  const text = await readText(cli, path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} holds no JSON: ${messageOf(error)}`);
  }
}
