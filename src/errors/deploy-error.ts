import { ArenaError, type ArenaErrorOptions } from "./base.ts";

/** What a deployment did to one flow. */
export interface FlowDeployment {
  /** The flow. */
  readonly flowId: string;
  /**
   * What was done: `created`, `updated`, or nothing. `unchanged` means the same already, whatever its format; `kept` was
   * edited in Kestra since the last deployment, and was left as it is.
   */
  readonly action: "created" | "updated" | "unchanged" | "kept";
  /** Its revision now; `undefined` where Kestra did not say, and where nothing was done for a dry run. */
  readonly revision: number | undefined;
}

/** A flow that could not be deployed. */
export interface UndeployedFlow {
  /** The flow. */
  readonly flowId: string;
  /** Why, in words. */
  readonly reasons: readonly string[];
}

/**
 * A deployment was not carried out, or not to its end. Nothing was rolled back: it says what is deployed and what is
 * not. Running it again goes on where it stopped, since what is deployed already is left as it is.
 */
export class DeployError extends ArenaError {
  declare readonly code: "deploy";
  /** The flows that were dealt with, in order. Empty when the deployment was refused before anything was sent. */
  readonly deployed: readonly FlowDeployment[];
  /** The flows that are wrong, or the one that Kestra refused. */
  readonly failed: readonly UndeployedFlow[];
  /** The flows whose turn did not come. */
  readonly remaining: readonly string[];

  constructor(
    outcome: {
      deployed: readonly FlowDeployment[];
      failed: readonly UndeployedFlow[];
      remaining: readonly string[];
    },
    options: ArenaErrorOptions = {},
  ) {
    super("deploy", describe(outcome), options);
    this.deployed = outcome.deployed;
    this.failed = outcome.failed;
    this.remaining = outcome.remaining;
  }
}

function describe({
  deployed,
  failed,
  remaining,
}: Pick<DeployError, "deployed" | "failed" | "remaining">) {
  const why = failed.map(({ flowId, reasons }) => `${flowId}: ${reasons.join("; ")}`).join(". ");
  if (deployed.length === 0 && remaining.length === 0) return `Nothing was deployed. ${why}.`;
  const done = deployed.map(({ flowId, action }) => `${flowId} (${action})`).join(", ") || "none";
  const left = remaining.length === 0 ? "" : ` Not deployed: ${remaining.join(", ")}.`;
  return `The deployment stopped. ${why}. Deployed: ${done}.${left} Put it right and deploy again: it goes on from there.`;
}
