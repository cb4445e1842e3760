import { messageOf } from "../errors/message-of.ts";
import { ConflictError, ConnectionError, StartUnknownError } from "../errors.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { type Deadline, sleep, startDeadline, withDeadline } from "../kestra/deadline.ts";
import type { InputPart } from "../kestra/multipart.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { type Claim, findHolder, settleClaim } from "./claim.ts";
import type { ExecutionContext } from "./context.ts";
import { encodeInputs } from "./encode-inputs.ts";
import { arenaLabels, checkLabels } from "./labels.ts";
import { lookUp, refusedForMs, type StartRequest, toldNothing } from "./lost-start.ts";
import { checkStartOptions, type OnExisting, type StartOptions } from "./start-options.ts";

export type { StartOptions } from "./start-options.ts";

/** An execution, and whether this call started it. */
export interface StartedExecution {
  execution: KestraExecution;
  started: "new" | "existing";
}

/** Makes a handle, for {@link StartUnknownError.reconcile}. */
export type AttachHandle = (
  execution: KestraExecution,
) => Awaited<ReturnType<StartUnknownError["reconcile"]>>;

/** How often a start that was turned away is sent again, each time after it was looked for. */
const maxRefusals = 3;

/** How often all of those who raced for a key may have given way to each other before that is an error. */
const maxRounds = 3;

/**
 * Starts a flow, or joins the execution that its key names. Never sends a start twice without having looked for the
 * first one.
 *
 * @throws InputError before anything is sent; StartUnknownError when it cannot be told whether it was started; and what
 * any request throws.
 */
export async function startExecution<Input, Result>(
  context: ExecutionContext,
  flow: FlowDefinition<Input, Result, unknown>,
  input: Input,
  options: StartOptions,
  attach: AttachHandle,
): Promise<StartedExecution> {
  checkStartOptions(flow.id, options);
  checkLabels({ ...context.labels, ...options.labels });
  const inputs = encodeInputs(flow.id, flow.build(input));
  options.signal?.throwIfAborted();
  const timeoutMs = options.timeoutMs ?? context.requestTimeoutMs;
  const deadline = startDeadline(timeoutMs, options.signal);
  const start = new Start(context, flow, inputs, options, deadline, attach);
  try {
    return await start.run();
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error === deadline.signal.reason) throw start.outOfTime(timeoutMs);
    throw error;
  } finally {
    deadline.clear();
  }
}

/** One call of {@link startExecution}. */
class Start {
  readonly #context: ExecutionContext;
  readonly #target: { namespace: string; flowId: string };
  readonly #inputs: Readonly<Record<string, InputPart>>;
  readonly #options: StartOptions;
  readonly #deadline: Deadline;
  readonly #attach: AttachHandle;

  constructor(
    context: ExecutionContext,
    flow: { id: string; namespace: string | undefined },
    inputs: Readonly<Record<string, InputPart>>,
    options: StartOptions,
    deadline: Deadline,
    attach: AttachHandle,
  ) {
    this.#context = context;
    this.#target = { namespace: flow.namespace ?? context.namespace, flowId: flow.id };
    this.#inputs = inputs;
    this.#options = options;
    this.#deadline = deadline;
    this.#attach = attach;
  }

  async run(): Promise<StartedExecution> {
    const { key, onExisting = "join" } = this.#options;
    if (key === undefined || onExisting === "new") {
      const request = { ...this.#target, requestId: crypto.randomUUID() };
      return { execution: await this.#createOnce(request, undefined), started: "new" };
    }
    const claim = { ...this.#target, label: { key: arenaLabels.key, value: key }, onExisting };
    for (let round = 1; round <= maxRounds; round += 1) {
      const holder = await findHolder(this.#context, claim, this.#deadline.signal);
      if (holder !== undefined) return join(holder, key, onExisting);
      const request = { ...this.#target, requestId: crypto.randomUUID() };
      const own = await this.#createOnce(request, claim);
      const winner = await this.#settle(claim, own);
      if (winner?.id === own.id) return { execution: own, started: "new" };
      if (winner !== undefined) return join(winner, key, onExisting);
    }
    const message = `All who raced to start ${this.#target.flowId} with the key "${key}" gave way to each other, ${maxRounds} times in a row. Nothing runs; start it again.`;
    throw new ConflictError(message, conflictDetails);
  }

  /** The error for a time that was up before anything was sent. */
  outOfTime(timeoutMs: number): ConnectionError {
    const { namespace, flowId } = this.#target;
    const message = `It could not be told within ${timeoutMs} ms whether ${namespace}.${flowId} has an execution with the key. Nothing was started.`;
    const request = { method: "GET", url: "executions/search" };
    return new ConnectionError(message, request, { isTimeout: true });
  }

  /** @param claim - What it is started for, when it has a key. */
  async #createOnce(request: StartRequest, claim: Claim | undefined): Promise<KestraExecution> {
    for (let refusals = 0; ; refusals += 1) {
      try {
        const own = await this.#create(request);
        // Of a start that was turned away before, there could be two after all.
        return refusals === 0 ? own : await this.#onlyOne(request, own);
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (!toldNothing(error)) throw error;
        const windowMs = Math.min(this.#context.timings.lookUpMs, this.#deadline.leftMs);
        const found = await lookUp(this.#context, request, windowMs, this.#options.signal);
        if (found.kind === "found") return found.execution;
        const pauseMs = refusedForMs(error);
        // Turned away and not there: it was not started, so sending it again starts it for the first time.
        if (found.kind !== "absent" || pauseMs === undefined) {
          throw this.#unknown(request, claim, error);
        }
        if (refusals >= maxRefusals || pauseMs >= this.#deadline.leftMs) throw error;
        await sleep(pauseMs, this.#deadline.signal);
      }
    }
  }

  #create({ namespace, flowId, requestId }: StartRequest) {
    const { labels, key, scheduleAt, revision, signal } = this.#options;
    const { leftMs } = this.#deadline;
    const { lookUpMs } = this.#context.timings;
    return this.#context.kestra.executions.create(namespace, flowId, {
      inputs: this.#inputs,
      labels: {
        ...this.#context.labels,
        ...labels,
        [arenaLabels.client]: this.#context.clientId,
        [arenaLabels.request]: requestId,
        ...(key !== undefined && { [arenaLabels.key]: key }),
      },
      scheduleAt,
      revision,
      signal,
      // The rest is for looking for it, should the answer be lost.
      timeoutMs: leftMs - Math.min(lookUpMs, leftMs / 4),
    });
  }

  async #onlyOne(request: StartRequest, own: KestraExecution): Promise<KestraExecution> {
    const label = { key: arenaLabels.request, value: request.requestId };
    const claim: Claim = { ...this.#target, label, onExisting: "join" };
    return (await this.#settle(claim, own)) ?? own;
  }

  async #settle(claim: Claim, own: KestraExecution): Promise<KestraExecution | undefined> {
    try {
      return await settleClaim(this.#context, claim, own, this.#deadline.signal);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw this.#unsettled(claim, own, error);
    }
  }

  #unsettled(claim: Claim, own: KestraExecution, error: unknown): StartUnknownError {
    const message =
      `Execution ${own.id} was started, but it could not be settled whether another process started one with the same ` +
      `key (${messageOf(error)}). Call reconcile() on this error to settle it and get the one that stays.`;
    return new StartUnknownError(message, own.id, () => this.#reconcileClaim(claim, own), {
      cause: error,
    });
  }

  #unknown(request: StartRequest, claim: Claim | undefined, error: unknown): StartUnknownError {
    const { namespace, flowId, requestId } = request;
    const message =
      `It is not known whether ${namespace}.${flowId} was started: the answer was lost (${messageOf(error)}) and no ` +
      `execution with the label ${arenaLabels.request}:${requestId} was found. Nothing was sent twice. Call ` +
      "reconcile() on this error later, or start again with the same key.";
    const reconcile = async () => {
      const found = await lookUp(this.#context, request, this.#context.timings.lookUpMs, undefined);
      if (found.kind === "unreachable") throw found.error;
      if (found.kind === "absent") return undefined;
      if (claim === undefined) return this.#attach(found.execution);
      return this.#reconcileClaim(claim, found.execution);
    };
    return new StartUnknownError(message, requestId, reconcile, { cause: error });
  }

  async #reconcileClaim(claim: Claim, own: KestraExecution) {
    const winner = await withDeadline(this.#context.requestTimeoutMs, undefined, ({ signal }) =>
      settleClaim(this.#context, claim, own, signal),
    );
    return winner && this.#attach(winner);
  }
}

const conflictDetails = {
  status: 409,
  request: { method: "GET", url: "executions/search" },
} as const;

function join(execution: KestraExecution, key: string, onExisting: OnExisting): StartedExecution {
  if (onExisting !== "fail") return { execution, started: "existing" };
  throw new ConflictError(
    `${execution.namespace}.${execution.flowId} has an execution with the key "${key}" already: ${execution.id}, ` +
      `${execution.state.current}. Attach to it by its id, or pass onExisting: "join".`,
    conflictDetails,
  );
}
