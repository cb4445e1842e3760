import { InputError } from "../errors.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import {
  type ArenaFlowId,
  type ArenaFlowProgress,
  type ArenaFlowResults,
  arenaFlowIds,
  arenaFlows,
} from "../flows/index.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import type { ExecutionFilter } from "../kestra/search.ts";
import type { ExecutionContext } from "./context.ts";
import type { Execution } from "./execution.ts";
import { type ListOptions, listExecutions } from "./list.ts";
import { createHandle, type ExecutionOf } from "./progress.ts";
import { type Settled, type SettleOptions, settleExecutions } from "./settle.ts";

/** How a handle is made for an execution that runs already. */
export interface AttachOptions {
  /** The flow's namespace. @default the flow's own, else the client's */
  namespace?: string | undefined;
  /** What `await using` does at the end of its block. @default "detach" */
  onDispose?: "kill" | "detach" | undefined;
}

/** `client.executions`: reattach, list, wait for many. */
export class ExecutionsClient {
  readonly #context: ExecutionContext;

  constructor(context: ExecutionContext) {
    this.#context = context;
  }

  /**
   * A handle of an execution by its id, from whatever process it was started. Nothing is sent: an id that does not exist
   * shows at the first call on the handle.
   *
   * @param flow - The flow that it runs: the id of one of the package's, or a definition.
   */
  get<Id extends ArenaFlowId>(
    flow: Id,
    executionId: string,
    options?: AttachOptions,
  ): ExecutionOf<ArenaFlowResults[Id], ArenaFlowProgress[Id]>;
  get<Result, Progress = never>(
    flow: FlowDefinition<never, Result, Progress>,
    executionId: string,
    options?: AttachOptions,
  ): ExecutionOf<Result, Progress>;
  get(
    flow: ArenaFlowId | FlowDefinition<never, unknown, unknown>,
    executionId: string,
    options: AttachOptions = {},
  ): Execution<unknown> {
    const definition = typeof flow === "string" ? definitionOf(flow) : flow;
    if (typeof executionId !== "string" || executionId.trim() === "") {
      const issues = [{ path: ["executionId"], message: "must be the id of an execution" }];
      throw new InputError("executions.get", issues);
    }
    return createHandle(this.#context, definition, {
      id: executionId,
      namespace: options.namespace ?? definition.namespace ?? this.#context.namespace,
      started: "existing",
      onDispose: options.onDispose ?? "detach",
    });
  }

  /**
   * Every execution that fits, newest first, page after page as it is read.
   *
   * @param filter - What is looked for; `namespace` is the client's when it is left out.
   */
  list(
    filter: ExecutionFilter = {},
    options: ListOptions = {},
  ): AsyncGenerator<KestraExecution, void, undefined> {
    const { namespace } = this.#context;
    return listExecutions(this.#context.kestra, { namespace, ...filter }, options);
  }

  /**
   * Waits for many executions at the price of one search a tick.
   *
   * @returns Their outcomes, in the order of the executions; a failed one is data, as is one that the time ran out for.
   */
  settle<Result>(
    executions: readonly Execution<Result>[],
    options: SettleOptions = {},
  ): Promise<Settled<Result>[]> {
    return settleExecutions(executions, options);
  }
}

function definitionOf(flowId: string): FlowDefinition<never, unknown, unknown> {
  if (Object.hasOwn(arenaFlows, flowId)) return arenaFlows[flowId as ArenaFlowId];
  const message = `is none of the package's flows (${arenaFlowIds.join(", ")}); pass a definition made with defineFlow`;
  throw new InputError("executions.get", [{ path: ["flow"], message }]);
}
