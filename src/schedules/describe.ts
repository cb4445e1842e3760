import type { ReadTiming } from "./interval.ts";

/**
 * When a schedule fires, in words.
 *
 * @returns The cron itself where the optional package `cronstrue` is not installed.
 */
export async function describeTiming({ cron, everyMinutes }: ReadTiming): Promise<string> {
  if (everyMinutes !== undefined) return `Every ${everyMinutes} minutes`;
  const { expression, timezone } = cron;
  const toWords = await load();
  const words = toWords?.(expression, { use24HourTimeFormat: true });
  return `${words ?? expression} (${timezone})`;
}

async function load(): Promise<typeof import("cronstrue").toString | undefined> {
  try {
    return (await import("cronstrue")).toString;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
      return undefined;
    }
    throw error;
  }
}
