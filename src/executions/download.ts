import type { KestraApi } from "../kestra/index.ts";

/** A file of Kestra's storage as text. */
export async function readText(
  kestra: KestraApi,
  executionId: string,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const response = await kestra.executions.file(executionId, uri, { signal });
  return response.text();
}

/** Writes an answer's body into a file; half a file never stands under its final name. */
export async function downloadTo(
  response: Response,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { open, rename, rm } = await import("node:fs/promises");
  const partial = `${path}.${crypto.randomUUID()}.part`;
  const file = await open(partial, "wx");
  try {
    for await (const chunk of response.body ?? []) {
      signal?.throwIfAborted();
      await file.write(chunk);
    }
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
}
