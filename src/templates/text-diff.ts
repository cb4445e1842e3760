import { unstampText } from "./stamp.ts";

/**
 * A unified diff of two texts.
 *
 * @returns `undefined` where the optional package `diff` is not installed.
 */
export async function textDiff(
  flowId: string,
  deployed: string,
  wanted: string,
): Promise<string | undefined> {
  const library = await load();
  return library?.createTwoFilesPatch(
    `${flowId} (Kestra)`,
    `${flowId} (package)`,
    unstampText(deployed),
    unstampText(wanted),
    undefined,
    undefined,
    { context: 3 },
  );
}

async function load(): Promise<typeof import("diff") | undefined> {
  try {
    return await import("diff");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
      return undefined;
    }
    throw error;
  }
}
