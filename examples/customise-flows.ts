/** Knobs, an add-on, a look at what would change, the deployment, and the same as files for an import by hand. */
import { exportFlows, KestraArenaClient, slackNotification } from "kestra-arena";

const options = {
  timeouts: { readMs: 60_000 },
  labels: { team: "red" },
  flows: {
    // For a backend that plays one match at a time: the others wait.
    "match-orchestration": { concurrency: 1, addOns: [slackNotification({ on: "failure" })] },
  },
} as const;

const arena = new KestraArenaClient();
for (const { flowId, status } of await arena.flows.diff(options)) console.log(flowId, status);
for (const { flowId, action } of await arena.flows.deploy(options)) console.log(flowId, action);
await exportFlows("exported-flows", { ...options, line: "2", overwrite: true });
