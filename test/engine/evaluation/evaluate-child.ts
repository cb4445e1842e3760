/** One process that evaluates a matrix, to be killed: `node evaluate-child.ts <settings as JSON>`. */

import { type EvaluationMatrix, evaluate, fetchAgents } from "../../../src/evaluation/index.ts";
import { KestraArenaClient } from "../../../src/index.ts";

/** What the process is told. */
export interface ChildSettings {
  kestraUrl: string;
  namespace: string;
  arenaUrl: string;
  journal: string;
  matrix: EvaluationMatrix;
  concurrency: number;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as ChildSettings;
const arena = new KestraArenaClient({ url: settings.kestraUrl, namespace: settings.namespace });
const batch = await evaluate(arena, settings.matrix, {
  journal: settings.journal,
  concurrency: settings.concurrency,
  tickMs: 200,
  agents: () => fetchAgents({ arenaUrl: settings.arenaUrl }),
});
process.stdout.write(JSON.stringify(batch));
