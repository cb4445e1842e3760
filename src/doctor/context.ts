import type { KestraArenaSettings } from "../config.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { FlowsClient } from "../templates/flows-client.ts";
import type { Finding } from "./findings.ts";

/** What the doctor looks at. */
export interface DoctorContext {
  readonly kestra: KestraApi;
  readonly flows: FlowsClient;
  readonly options: KestraArenaSettings;
}

/** How the doctor looks. */
export interface DoctorOptions {
  /** Aborts it. The probe flow is removed all the same. */
  signal?: AbortSignal | undefined;
  /** Agents that have to exist, by their ids. @default at least one of each type */
  agentIds?: readonly string[] | undefined;
  /**
   * Whether a small flow is deployed, run and removed to see whether the arena can be reached from Kestra. Without it
   * `arena`, `agents` and `alerts` are skipped.
   *
   * @default true
   */
  probe?: boolean | undefined;
  /** How long the probe flow may take, in milliseconds. @default 60_000 */
  probeTimeoutMs?: number | undefined;
  /** Told of each finding as it is made. */
  onFinding?: ((finding: Finding) => void) | undefined;
}
