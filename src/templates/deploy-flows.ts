import { messageOf } from "../errors/message-of.ts";
import { DeployError, type FlowDeployment, isArenaError, type UndeployedFlow } from "../errors.ts";
import type { TemplateId } from "../flows/index.ts";
import { packageVersion } from "../version.ts";
import { type ComparedFlow, compareFlow } from "./compare-flow.ts";
import { compareFlows, type FlowTarget, setsSchedule } from "./diff-flows.ts";
import type { FlowSetOptions } from "./flow-set.ts";
import type { FlowChange } from "./meaning.ts";
import { stampText } from "./stamp.ts";
import { validateFlow } from "./validate-flows.ts";

/** What a deployment did to one flow, and what it found. */
export interface DeployedFlow extends FlowDeployment {
  /** What was changed, by meaning; for a flow that was kept, what is other in Kestra. Empty for a new one. */
  readonly changes: readonly FlowChange[];
  /** For a flow that was kept: where its inputs and outputs are other than the SDK's, in words. */
  readonly contract: readonly string[];
}

/** How the package's flows are deployed. */
export interface DeployOptions extends FlowSetOptions {
  /** Says what would be done, and does nothing. @default false */
  dryRun?: boolean | undefined;
  /** Flows that are overwritten though they were edited in Kestra: all, or these. @default none */
  overwrite?: boolean | readonly string[] | undefined;
  /** Aborts the deployment; what is deployed by then stays. */
  signal?: AbortSignal | undefined;
  /** Told of each flow as it is dealt with. */
  onProgress?: ((progress: DeployProgress) => void) | undefined;
}

/** How far a deployment is. */
export interface DeployProgress {
  /** How many flows were dealt with. */
  done: number;
  /** How many there are. */
  total: number;
  /** The last one. */
  flow: DeployedFlow;
}

/**
 * Brings the flows to Kestra, callees before their callers, one call each. All are checked before any is sent.
 *
 * @throws DeployError when a flow is wrong (then nothing was sent), or when Kestra refuses one (then it says what is
 * deployed and what is not); InputError for an unknown flow or knob; the signal's reason.
 */
export async function deployFlows(
  target: FlowTarget,
  options: DeployOptions,
): Promise<DeployedFlow[]> {
  const { dryRun = false, overwrite = false, signal, onProgress, ...set } = options;
  const compared = await compareFlows(target, set, signal);
  const isToWrite = ({ status, flowId }: ComparedFlow) =>
    status === "missing" ||
    status === "outdated" ||
    (status === "drifted" &&
      (overwrite === true || (overwrite !== false && overwrite.includes(flowId))));
  const toWrite = compared.filter(isToWrite);
  await refuseBadOnes(target, toWrite, compared, signal);
  const deployed: DeployedFlow[] = [];
  for (const flow of compared) {
    try {
      signal?.throwIfAborted();
      const step =
        isToWrite(flow) && !dryRun
          ? await write(target, flow, set, signal)
          : describe(flow, isToWrite(flow));
      deployed.push(step);
    } catch (error) {
      throw stopped(error, flow, deployed, compared);
    }
    const last = deployed.at(-1);
    if (last !== undefined)
      onProgress?.({ done: deployed.length, total: compared.length, flow: last });
  }
  return deployed;
}

/** Deploys flows and those that they call, where they are missing; what is there is left as it is. */
export async function deployMissing(
  target: FlowTarget,
  flowIds: readonly TemplateId[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const set = { only: flowIds };
  for (const flow of await compareFlows(target, set, signal)) {
    if (flow.status === "missing") await write(target, flow, set, signal);
  }
}

async function refuseBadOnes(
  { kestra, namespace }: FlowTarget,
  toWrite: readonly ComparedFlow[],
  all: readonly ComparedFlow[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const reports = await Promise.all(
    toWrite.map((flow) => validateFlow(kestra, namespace, flow, all, signal)),
  );
  const failed: UndeployedFlow[] = reports
    .filter(({ problems }) => problems.length > 0)
    .map(({ flowId, problems }) => ({ flowId, reasons: problems.map(({ message }) => message) }));
  if (failed.length > 0) throw new DeployError({ deployed: [], failed, remaining: [] });
}

/** Creates or updates one flow. */
async function write(
  { kestra, namespace }: FlowTarget,
  flow: ComparedFlow,
  set: FlowSetOptions,
  signal: AbortSignal | undefined,
): Promise<DeployedFlow> {
  const { flowId, changes, deployed } = flow;
  const source = await stampText(flow.text, flow.meaning, packageVersion);
  if (deployed !== undefined) {
    const { revision } = await kestra.flows.update(namespace, flowId, source, { signal });
    return { flowId, action: "updated", revision, changes, contract: [] };
  }
  try {
    const { revision } = await kestra.flows.create(source, { signal });
    return { flowId, action: "created", revision, changes, contract: [] };
  } catch (error) {
    if (!(await kestra.flows.saysExists(error))) throw error;
    // Somebody else deployed it since it was looked for, most likely the same.
    const present = await kestra.flows.get(namespace, flowId, { signal });
    const again = await compareFlow(flow, present, { setsSchedule: setsSchedule(set, flowId) });
    return again.status === "outdated"
      ? write({ kestra, namespace }, again, set, signal)
      : describe(again, false);
  }
}

/** What becomes of a flow without anything being sent. */
function describe(flow: ComparedFlow, wouldWrite: boolean): DeployedFlow {
  const { flowId, status, changes, contract, deployed } = flow;
  const revision = deployed?.revision;
  if (wouldWrite) {
    const action = status === "missing" ? "created" : "updated";
    return { flowId, action, revision: undefined, changes, contract: [] };
  }
  if (status === "drifted") return { flowId, action: "kept", revision, changes, contract };
  return { flowId, action: "unchanged", revision, changes, contract: [] };
}

/** What Kestra refused becomes a {@link DeployError}; an abort stays what it is when nothing was sent yet. */
function stopped(
  error: unknown,
  flow: ComparedFlow,
  deployed: readonly DeployedFlow[],
  compared: readonly ComparedFlow[],
): unknown {
  const hasWritten = deployed.some(({ action }) => action === "created" || action === "updated");
  if (!isArenaError(error) && !hasWritten) return error;
  const message = messageOf(error);
  const reasons = [
    message,
    ...(isArenaError(error, "connection") ? ["whether it is deployed is not known"] : []),
  ];
  const remaining = compared.slice(deployed.length + 1).map(({ flowId }) => flowId);
  return new DeployError(
    { deployed, failed: [{ flowId: flow.flowId, reasons }], remaining },
    { cause: error },
  );
}
