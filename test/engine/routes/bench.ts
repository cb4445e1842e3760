import { KestraArenaClient } from "kestra-arena";
import { createArenaRoutes } from "kestra-arena/routes";
import { type EngineLine, startEngine } from "../../../engine/index.ts";
import { startArena } from "../../../examples/arena/index.ts";
import { documented } from "../../unit/routes/documented.ts";

const auth = { username: "routes@example.org", password: "R0utes-Passw0rd" };

/** An engine with the flows deployed, a sample arena, and the routes; every answer is held against their document. */
export async function startBench(line: EngineLine) {
  const arena = await startArena({ timeScale: 0.2 });
  const engine = await startEngine({ line, auth, env: { ENV_ARENA_API_URL: arena.url } });
  const client = new KestraArenaClient({ url: engine.url, auth, onWarning: () => {} });
  await client.flows.deploy();
  const routes = createArenaRoutes(client, {
    authorize: "none",
    flows: ["hooked", "greet"],
    heartbeatMs: 200,
  });
  const agentOf = (type: string) => arena.agents.find((agent) => agent.type === type)?.id ?? "";
  return {
    arena,
    engine,
    client,
    routes,
    auth,
    call: documented(routes),
    agents: {
      redAgentId: agentOf("red"),
      blueAgentId: agentOf("blue"),
      targetAgentId: agentOf("target"),
    },
    async stop() {
      await engine.stop();
      await arena.close();
    },
  };
}

/** Flows of somebody's own: one with a Webhook trigger, one without. */
export const ownFlows = [
  `id: hooked
namespace: ai-arena
triggers:
  - id: hook
    type: io.kestra.plugin.core.trigger.Webhook
    key: a-key-of-the-hook-0123456789
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: "hello {{ trigger.body.who }}"
`,
  `id: greet
namespace: ai-arena
inputs:
  - id: who
    type: STRING
    validator: "^[a-z]+$"
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: "hello {{ inputs.who }}"
outputs:
  - id: greeting
    type: STRING
    value: "hello {{ inputs.who }}"
`,
];
