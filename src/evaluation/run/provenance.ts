import { packageVersion } from "../../version.ts";
import type { Provenance } from "../analysis/analysis.ts";
import { sha256 } from "../sha256.ts";
import type { BatchExecution, EvaluationClient } from "./client.ts";

const flowIds = ["match-orchestration", "batch-lane", "batch-evaluation"] as const;

/** Reads what a batch's numbers come from: Kestra's version, and the flows as they are deployed now. */
export async function readProvenance(
  client: EvaluationClient,
  batch: Pick<BatchExecution, "id" | "namespace">,
  playedAt: string,
  signal: AbortSignal,
): Promise<Provenance> {
  const { version } = await client.kestra.server(signal);
  const flows = await Promise.all(
    flowIds.map(async (id) => {
      const flow = await client.kestra.flows.find(batch.namespace, id, { signal });
      if (flow === undefined) return [];
      const templateHash = sha256(flow.source ?? "");
      return [
        { id, templateHash, ...(flow.revision !== undefined && { revision: flow.revision }) },
      ];
    }),
  );
  return {
    playedAt,
    executionId: batch.id,
    sdkVersion: packageVersion,
    ...(version !== undefined && { kestraVersion: version }),
    flows: flows.flat(),
  };
}
