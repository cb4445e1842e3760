import { Hono } from "hono";
import type { AgentStore } from "./agents.ts";
import { exportMatch } from "./dataset-export.ts";
import type { FaultInjector } from "./faults.ts";
import type { FineTuning } from "./fine-tuning.ts";
import type { MatchStore } from "./match-store.ts";
import type { ArenaSettings } from "./options.ts";
import { exportBody, fineTuneBody, readBody } from "./validation.ts";

interface OumiRouteParts {
  agents: AgentStore;
  matches: MatchStore;
  fineTuning: FineTuning;
  settings: ArenaSettings;
  faults: FaultInjector;
}

export function oumiRoutes({
  agents,
  matches,
  fineTuning,
  settings,
  faults,
}: OumiRouteParts): Hono {
  return new Hono()
    .post("/export-dataset", async (context) => {
      const { matchIds, format } = await readBody(context, exportBody);
      // Like the backend's own: a match that does not exist adds nothing and says nothing.
      const records = matchIds.flatMap((id) => matches.get(id) ?? []);
      const dataset = records.flatMap((record) => exportMatch(record, settings.now(), settings));
      return context.json({
        format,
        count: dataset.length,
        dataset,
        matchIds: records.map(({ id }) => id),
      });
    })
    .post("/fine-tune", async (context) => {
      const { agentId, datasetId, config } = await readBody(context, fineTuneBody);
      const agent = agents.get(agentId);
      if (agent === undefined) return context.json({ error: `Agent not found: ${agentId}` }, 404);
      const end = faults.current().fineTuning;
      const { jobId } = fineTuning.start(agent, datasetId, config, end);
      const status = end === "unknown" ? "pending" : "queued";
      const message =
        end === "unknown" ? "Noted; no Oumi API is configured." : "Fine-tuning job queued";
      return context.json({ jobId, agentId, status, config, message });
    })
    .get("/fine-tune/:jobId", (context) => {
      const job = fineTuning.get(context.req.param("jobId"));
      if (job === undefined) return context.json({ error: "Job not found" }, 404);
      return context.json(fineTuning.state(job, settings.now()));
    });
}
