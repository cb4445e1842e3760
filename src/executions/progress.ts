import type { FlowDefinition } from "../flows/define-flow.ts";
import type { ExecutionContext } from "./context.ts";
import { Execution, type ExecutionCallOptions, type ExecutionSource } from "./execution.ts";
import { listExecutions } from "./list.ts";

/** A definition whose executions can tell how far they are. */
type Telling<Result, Progress> = FlowDefinition<never, Result, Progress> & {
  progress: NonNullable<FlowDefinition<never, Result, Progress>["progress"]>;
};

/** A handle of an execution that can tell how far it is, such as a batch's. */
export class TellingExecution<Result, Progress> extends Execution<Result> {
  readonly #context: ExecutionContext;
  readonly #flow: Telling<Result, Progress>;

  constructor(context: ExecutionContext, flow: Telling<Result, Progress>, source: ExecutionSource) {
    super(context, flow, source);
    this.#context = context;
    this.#flow = flow;
  }

  /**
   * How far the execution is: of a batch, the matches that are done, and those to be done.
   *
   * @throws what any request throws.
   */
  async progress(options: ExecutionCallOptions = {}): Promise<Progress> {
    const { signal } = options;
    const { id, namespace, labels, inputs = {} } = await this.get(options);
    return this.#flow.progress({
      executionId: id,
      labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
      inputs,
      list: (filter) =>
        listExecutions(this.#context.kestra, { namespace, ...filter }, { signal, pageSize: 1_000 }),
    });
  }
}

/** The handle of a flow's executions: it has `progress()` where the flow can tell. */
export type ExecutionOf<Result, Progress> = [Progress] extends [never]
  ? Execution<Result>
  : TellingExecution<Result, Progress>;

/** Makes the handle that fits a flow. */
export function createHandle<Result, Progress>(
  context: ExecutionContext,
  flow: FlowDefinition<never, Result, Progress>,
  source: ExecutionSource,
): ExecutionOf<Result, Progress> {
  const handle = tells(flow)
    ? new TellingExecution(context, flow, source)
    : new Execution(context, flow, source);
  return handle as ExecutionOf<Result, Progress>;
}

function tells<Result, Progress>(
  flow: FlowDefinition<never, Result, Progress>,
): flow is Telling<Result, Progress> {
  return flow.progress !== undefined;
}
