import { InputError } from "../errors.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { DeployedFlow, DeployOptions } from "./deploy-flows.ts";
import type { FlowDiff } from "./diff-flows.ts";
import { exportFlows } from "./export-flows.ts";
import type { FlowSetOptions } from "./flow-set.ts";
import type { FlowReport } from "./validate-flows.ts";
import type { ExportOptions } from "./write-flows.ts";

/** What every call on the flows takes. */
export interface FlowCallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
}

/** A flow as it stands in Kestra. */
export interface FlowInKestra {
  /** The flow. */
  flowId: string;
  /** Its namespace. */
  namespace: string;
  /** Its revision. */
  revision: number | undefined;
  /** True when it cannot be started. */
  isDisabled: boolean;
  /** Its YAML, comments and all. */
  source: string;
  /** The version of the package that deployed it; `undefined` for a flow that was made otherwise. */
  deployedBy: string | undefined;
  /** True when it is no longer as the package deployed it. */
  isEdited: boolean;
}

/** What a {@link FlowsClient} is made from. */
export interface FlowsClientSettings {
  kestra: KestraApi;
  namespace: string;
  /** Told of flows that were kept though they differ. */
  warn: (warning: { code: "flow_drifted"; message: string }) => void;
}

/** `client.flows`: the package's flows in Kestra. */
export class FlowsClient {
  readonly #settings: FlowsClientSettings;

  constructor(settings: FlowsClientSettings) {
    this.#settings = settings;
  }

  /**
   * Creates or updates the package's flows, callees before their callers, one call each. It deletes nothing, leaves
   * alone what means the same already, and keeps the schedules that are set in Kestra. A flow that somebody edited in
   * Kestra since the last deployment is kept and reported, here and as a warning, unless `overwrite` says otherwise.
   *
   * @returns What was done to each flow, in order.
   * @throws DeployError when a flow is wrong (then nothing was sent), or when Kestra refuses one (then it says what is
   * deployed and what is not); InputError for an unknown flow or knob.
   */
  async deploy(options: DeployOptions = {}): Promise<DeployedFlow[]> {
    const { deployFlows } = await import("./deploy-flows.ts");
    const flows = await deployFlows(this.#settings, options);
    for (const flow of flows) if (flow.action === "kept") this.#warn(flow);
    return flows;
  }

  /**
   * What a deployment would change, flow by flow, by meaning and as text. Nothing is changed.
   *
   * @throws InputError for an unknown flow or knob.
   */
  async diff({ signal, ...options }: FlowSetOptions & FlowCallOptions = {}): Promise<FlowDiff[]> {
    const { diffFlows } = await import("./diff-flows.ts");
    return diffFlows(this.#settings, options, signal);
  }

  /**
   * Checks the flows as they would be deployed: their YAML, ids, calls of each other and agreement with the SDK first,
   * then Kestra's own validation. Nothing is stored.
   *
   * @throws InputError for an unknown flow or knob.
   */
  async validate({
    signal,
    ...options
  }: FlowSetOptions & FlowCallOptions = {}): Promise<FlowReport[]> {
    const { validateFlows } = await import("./validate-flows.ts");
    return validateFlows(this.#settings, options, signal);
  }

  /** A flow as it stands in Kestra, in the client's namespace. @throws NotFoundError */
  async get(flowId: string, { signal }: FlowCallOptions = {}): Promise<FlowInKestra> {
    if (typeof flowId !== "string" || flowId.trim() === "") {
      throw new InputError("flows.get", [
        { path: ["flowId"], message: "must be the id of a flow" },
      ]);
    }
    const { kestra, namespace } = this.#settings;
    const [{ isOurs, readStamp }, { readMeaning }] = await Promise.all([
      import("./stamp.ts"),
      import("./meaning.ts"),
    ]);
    const {
      source = "",
      revision,
      disabled,
    } = await kestra.flows.get(namespace, flowId, { signal });
    const deployedBy = readStamp(source)?.version;
    return {
      flowId,
      namespace,
      revision,
      isDisabled: disabled === true,
      source,
      deployedBy,
      isEdited: deployedBy !== undefined && !(await isOurs(source, readMeaning(source))),
    };
  }

  /**
   * Writes the flows into a folder, for those who import them by hand. Needs no server; for the client's namespace, and
   * for Kestra 2.x unless `line` says otherwise.
   *
   * @returns The paths of the files, callees before their callers.
   * @throws InputError for an unknown flow or knob, and for a file that holds something else.
   */
  async export(folder: string, options: ExportOptions = {}): Promise<string[]> {
    return exportFlows(folder, { namespace: this.#settings.namespace, ...options });
  }

  #warn({ flowId, changes, contract }: DeployedFlow): void {
    const where = changes
      .slice(0, 5)
      .map(({ path }) => path)
      .join(", ");
    const more = changes.length > 5 ? ` and ${changes.length - 5} more` : "";
    const broken =
      contract.length === 0 ? "" : ` The SDK will stumble over: ${contract.join("; ")}.`;
    this.#settings.warn({
      code: "flow_drifted",
      message:
        `${this.#settings.namespace}.${flowId} was edited in Kestra and was kept as it is; it differs in ${where}${more}.` +
        `${broken} flows.diff() shows the differences; flows.deploy({ overwrite: ["${flowId}"] }) replaces it.`,
    });
  }
}
