import type { ExportOptions } from "./write-flows.ts";

/**
 * Writes the package's flows into a folder, `<flow id>.yml` each, for those who import them by hand. The folder is made
 * when it is not there. Either all files are written or none: a file shows under its name when it is complete.
 *
 * @returns The paths of the files, callees before their callers.
 * @throws InputError for an unknown flow or knob, and for a file that holds something else.
 */
export async function exportFlows(folder: string, options: ExportOptions = {}): Promise<string[]> {
  // yaml comes with it, which a program that starts a match should not pay for.
  const { writeFlows } = await import("./write-flows.ts");
  return writeFlows(folder, options);
}
