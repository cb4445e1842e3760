import { ConflictError, InputError, type InputIssue, StartUnknownError } from "../errors.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import { claimKey, findByKey, type OnExisting } from "./claim.ts";
import type { ExecutionContext } from "./context.ts";
import { encodeInputs } from "./encode-inputs.ts";
import { arenaLabels, checkLabels } from "./labels.ts";
import { lookUp, toldNothing, wasRefused } from "./lost-start.ts";

/** How an execution is started. */
export interface StartOptions {
  /** Aborts the call. It does not take back what has been sent: give a `key` to find it again. */
  signal?: AbortSignal | undefined;
  /**
   * The whole time in milliseconds for the start to be confirmed. A start whose answer was lost is looked up for up to
   * five seconds more.
   *
   * @default the client's `requestTimeoutMs`
   */
  timeoutMs?: number | undefined;
  /**
   * The caller's own name for this piece of work (`nightly-42`). Two starts of one flow with one key are one execution,
   * from whatever process they come.
   *
   * @default none: every call starts one
   */
  key?: string | undefined;
  /**
   * What a start does when there is an execution with its key:
   * - `join` takes one that is live or has succeeded; after one that failed or was killed, it starts a new one;
   * - `joinIfLive` takes one that is live; otherwise it starts a new one;
   * - `fail` throws a {@link ConflictError} where `join` would have joined;
   * - `new` starts a new one in any case.
   *
   * @default "join"
   */
  onExisting?: OnExisting | undefined;
  /** Labels of the execution, besides the client's. @default none */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Starts it then; until then it is `CREATED`. @default now */
  scheduleAt?: Date | undefined;
  /** Starts this revision of the flow. @default the newest */
  revision?: number | undefined;
}

/** An execution, and whether this call started it. */
export interface StartedExecution {
  execution: KestraExecution;
  started: "new" | "existing";
}

/**
 * Starts a flow, or joins the execution that its key names. Never sends a start twice without having looked for the
 * first one.
 *
 * @param attach - Makes a handle, for {@link StartUnknownError.reconcile}.
 * @throws InputError before anything is sent; StartUnknownError when it cannot be told whether it was started; and what
 * any request throws.
 */
export async function startExecution<Input, Result>(
  context: ExecutionContext,
  flow: FlowDefinition<Input, Result>,
  input: Input,
  options: StartOptions,
  attach: ReconcileHandle,
): Promise<StartedExecution> {
  const { key, onExisting = "join", signal } = options;
  const namespace = flow.namespace ?? context.namespace;
  const inputs = encodeInputs(flow.id, flow.build(input));
  const requestId = crypto.randomUUID();
  checkStartOptions(flow.id, options);
  const target = { namespace, flowId: flow.id };
  const isKeyed = key !== undefined && onExisting !== "new";
  if (isKeyed) {
    const existing = await findByKey(context, target, key, onExisting, signal);
    if (existing !== undefined) return join(existing, key, onExisting);
  }
  const labels = {
    ...context.labels,
    ...options.labels,
    [arenaLabels.client]: context.clientId,
    [arenaLabels.request]: requestId,
    ...(key !== undefined && { [arenaLabels.key]: key }),
  };
  const create = () =>
    context.kestra.executions.create(namespace, flow.id, {
      inputs,
      labels,
      scheduleAt: options.scheduleAt,
      revision: options.revision,
      signal,
      timeoutMs: options.timeoutMs ?? context.requestTimeoutMs,
    });
  const own = await createOnce(context, create, { ...target, requestId }, signal, attach);
  if (!isKeyed) return { execution: own, started: "new" };
  const claim = () => claimKey(context, target, key, onExisting, own, signal);
  const winner = await claim().catch((error: unknown) => {
    signal?.throwIfAborted();
    throw claimUnknown(own, error, async () => attach(await claim()));
  });
  if (winner.id === own.id) return { execution: own, started: "new" };
  return join(winner, key, onExisting);
}

function claimUnknown(
  own: KestraExecution,
  error: unknown,
  reconcile: StartUnknownError["reconcile"],
): StartUnknownError {
  const why = error instanceof Error ? error.message : String(error);
  const message =
    `Execution ${own.id} was started, but it could not be checked whether another process started one with the same ` +
    `key (${why}). Call reconcile() on this error to check again and get the one that stays.`;
  return new StartUnknownError(message, own.id, reconcile, { cause: error });
}

type ReconcileHandle = (
  execution: KestraExecution,
) => Awaited<ReturnType<StartUnknownError["reconcile"]>>;

/** How often a start that was turned away (429, 503) is sent again, after it was looked for. */
const maxRefusals = 3;

async function createOnce(
  context: ExecutionContext,
  create: () => Promise<KestraExecution>,
  request: { namespace: string; flowId: string; requestId: string },
  signal: AbortSignal | undefined,
  attach: ReconcileHandle,
): Promise<KestraExecution> {
  for (let refusals = 0; ; refusals += 1) {
    try {
      return await create();
    } catch (error) {
      signal?.throwIfAborted();
      if (!toldNothing(error)) throw error;
      const found = await lookUp(context, request, signal);
      if (found.kind === "found") return found.execution;
      // Turned away and not there: it was not started, so sending it again starts it for the first time.
      if (found.kind === "absent" && wasRefused(error)) {
        if (refusals < maxRefusals) continue;
        throw error;
      }
      throw startUnknown(context, request, error, attach);
    }
  }
}

function startUnknown(
  context: ExecutionContext,
  request: { namespace: string; flowId: string; requestId: string },
  error: unknown,
  attach: ReconcileHandle,
): StartUnknownError {
  const why = error instanceof Error ? error.message : String(error);
  const message =
    `It is not known whether ${request.namespace}.${request.flowId} was started: the answer was lost (${why}) and no ` +
    `execution with the label ${arenaLabels.request}:${request.requestId} was found. Nothing was sent twice. Call ` +
    "reconcile() on this error later, or start again with the same key.";
  const reconcile = async () => {
    const found = await lookUp(context, request, undefined);
    if (found.kind === "found") return attach(found.execution);
    if (found.kind === "absent") return undefined;
    throw found.error;
  };
  return new StartUnknownError(message, request.requestId, reconcile, { cause: error });
}

function join(execution: KestraExecution, key: string, onExisting: OnExisting): StartedExecution {
  if (onExisting !== "fail") return { execution, started: "existing" };
  throw new ConflictError(
    `${execution.namespace}.${execution.flowId} has an execution with the key "${key}" already: ${execution.id}, ` +
      `${execution.state.current}. Attach to it by its id, or pass onExisting: "join".`,
    { status: 409, request: { method: "GET", url: "executions/search" } },
  );
}

function checkStartOptions(flowId: string, options: StartOptions): void {
  const { key, scheduleAt, revision } = options;
  checkLabels(options.labels ?? {});
  const issues: InputIssue[] = [];
  if (key !== undefined && (typeof key !== "string" || !/^\S(.{0,198}\S)?$/u.test(key))) {
    issues.push({
      path: ["key"],
      message: "must be 1 to 200 characters on one line, without spaces around it",
    });
  }
  if (
    scheduleAt !== undefined &&
    !(scheduleAt instanceof Date && !Number.isNaN(scheduleAt.getTime()))
  ) {
    issues.push({ path: ["scheduleAt"], message: "must be a valid Date" });
  }
  if (revision !== undefined && !(Number.isInteger(revision) && revision > 0)) {
    issues.push({ path: ["revision"], message: "must be a whole number from 1" });
  }
  if (issues.length > 0) throw new InputError(`Start of ${flowId}`, issues);
}
