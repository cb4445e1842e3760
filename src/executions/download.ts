/** Writes an answer's body into a file; half a file never stands under its final name. */
export async function downloadTo(response: Response, path: string): Promise<void> {
  const { open, rename, rm } = await import("node:fs/promises");
  const partial = `${path}.${crypto.randomUUID()}.part`;
  try {
    const file = await open(partial, "wx");
    try {
      for await (const chunk of response.body ?? []) await file.write(chunk);
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    // The disk failed, not the answer: what is left of it is not wanted any more.
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}
