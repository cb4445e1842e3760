import { templateIds } from "../flows/index.ts";
import type { KestraApi } from "../kestra/index.ts";
import { type LoadFlowOptions, loadFlow } from "./load-flow.ts";

/** What deployment did to one flow. */
export interface DeployedFlow {
  /** The flow. */
  flowId: string;
  /** What was done. */
  action: "created" | "updated" | "unchanged";
  /** Its revision now. */
  revision: number | undefined;
}

/** How the package's flows are deployed. */
export interface DeployOptions extends Omit<LoadFlowOptions, "line" | "namespace"> {
  /** Aborts the deployment. */
  signal?: AbortSignal | undefined;
}

/** `client.flows`: the package's flows in Kestra. */
export class FlowsClient {
  readonly #kestra: KestraApi;
  readonly #namespace: string;

  constructor(kestra: KestraApi, namespace: string) {
    this.#kestra = kestra;
    this.#namespace = namespace;
  }

  /** Creates or updates the package's flows, one call each; deletes nothing. */
  async deploy({ signal, ...options }: DeployOptions = {}): Promise<DeployedFlow[]> {
    const line = await this.#kestra.line(signal);
    const deployed: DeployedFlow[] = [];
    for (const flowId of templateIds) {
      const source = await loadFlow(flowId, { ...options, line, namespace: this.#namespace });
      deployed.push(await this.#deployOne(flowId, source, signal));
    }
    return deployed;
  }

  async #deployOne(
    flowId: string,
    source: string,
    signal: AbortSignal | undefined,
  ): Promise<DeployedFlow> {
    const { flows } = this.#kestra;
    const existing = await flows.find(this.#namespace, flowId, { signal });
    if (existing === undefined) {
      const { revision } = await flows.create(source, { signal });
      return { flowId, action: "created", revision };
    }
    const { revision } = await flows.update(this.#namespace, flowId, source, { signal });
    const action = revision === existing.revision ? "unchanged" : "updated";
    return { flowId, action, revision };
  }
}
