import type { ArenaWarning } from "./config.ts";

/** The caller's own listener, or Node's warnings; a listener that throws breaks nothing. */
export function createWarner(
  onWarning: ((warning: ArenaWarning) => void) | undefined,
): (warning: ArenaWarning) => void {
  if (onWarning === undefined) return emitWarning;
  return (warning) => {
    try {
      onWarning(warning);
    } catch (error) {
      emitWarning({
        ...warning,
        message: `${warning.message} (onWarning threw: ${String(error)})`,
      });
    }
  };
}

function emitWarning({ code, message }: ArenaWarning): void {
  if (typeof process === "undefined") console.warn(message);
  else process.emitWarning(message, { type: "KestraArenaWarning", code });
}
