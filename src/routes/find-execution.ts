import { isArenaError } from "../errors.ts";
import type { Execution, KestraExecution } from "../index.ts";
import type { RouteServices } from "./route.ts";
import { noSuch } from "./route-error.ts";

/** An execution that the caller may see: as it is now, and its handle. */
export interface FoundExecution {
  execution: KestraExecution;
  handle: Execution<unknown>;
}

/** @throws RouteError 404 for one that does not exist, and in the same words for one that callers may not see. */
export async function findExecution(
  { arena, flows }: RouteServices,
  executionId: string,
  signal?: AbortSignal,
): Promise<FoundExecution> {
  // An id of Kestra's own making is letters and digits; anything else need not be asked for.
  if (!/^[\w-]{1,100}$/.test(executionId)) throw noSuch("execution", executionId);
  const execution = await arena.kestra.executions.get(executionId, { signal }).catch((error) => {
    throw isArenaError(error, "not_found") ? noSuch("execution", executionId) : error;
  });
  const flow = flows.find(execution);
  if (flow === undefined) throw noSuch("execution", executionId);
  const { namespace } = execution;
  return { execution, handle: arena.executions.get(flow, executionId, { namespace }) };
}
