import type { ArenaWarning } from "./config.ts";
import type { TransportHooks } from "./kestra/transport.ts";

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

/** The caller's own hooks; one that throws breaks no request, least of all a start that has just been sent. */
export function guardHooks(
  hooks: TransportHooks | undefined,
  warn: (warning: ArenaWarning) => void,
): TransportHooks | undefined {
  if (hooks === undefined) return undefined;
  const guard = (name: string, call: () => unknown) => {
    try {
      call();
    } catch (error) {
      warn({ code: "hook_failed", message: `The hook ${name} threw: ${String(error)}` });
    }
  };
  return {
    onRequest: (request) => guard("onRequest", () => hooks.onRequest?.(request)),
    onResponse: (response) => guard("onResponse", () => hooks.onResponse?.(response)),
    onError: (failure) => guard("onError", () => hooks.onError?.(failure)),
  };
}

function emitWarning({ code, message }: ArenaWarning): void {
  if (typeof process === "undefined") console.warn(message);
  else process.emitWarning(message, { type: "KestraArenaWarning", code });
}
