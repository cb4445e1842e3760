import type { KestraApi } from "../kestra/index.ts";
import { lazy } from "../lazy.ts";
import type { ExecutionContext, ExecutionWarning } from "./context.ts";
import { Gate } from "./gate.ts";
import { defaultTimings, type Timings } from "./timings.ts";
import { ExecutionWatcher } from "./watcher.ts";

/** So many results are read at a time. */
const readsAtATime = 16;

/** What a client's options say about its executions. */
export interface ExecutionSettings {
  readonly tenant: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly tickMs: number;
  readonly maxStreams: number;
}

/** What all executions of one client share. */
export function createContext(
  kestra: KestraApi,
  { tickMs, maxStreams, tenant, namespace, labels, requestTimeoutMs }: ExecutionSettings,
  warn: (warning: ExecutionWarning) => void,
  timings: Timings = defaultTimings,
): ExecutionContext {
  // Node loads its cryptography at the first id, which takes longer than all else that a client is made from.
  const clientId = lazy(() => crypto.randomUUID());
  return {
    kestra,
    watcher: new ExecutionWatcher({ kestra, tickMs, maxStreams, timings, warn }),
    reads: new Gate(readsAtATime),
    tenant,
    namespace,
    get clientId() {
      return clientId();
    },
    labels,
    requestTimeoutMs,
    timings,
    warn,
  };
}
