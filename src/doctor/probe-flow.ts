import type { KestraApi } from "../kestra/index.ts";
import { loadFlow } from "../templates/load-flow.ts";

/** The flow whose way to the arena is taken: every other one plays its matches. */
const model = "match-orchestration";

/** What the names of probe flows begin with. */
export const probePrefix = "arena-doctor-";

/** What the probe takes over, so that it asks where the flows would ask, and with their key. */
const taken = [
  "arena_api_url",
  "arena_api_key",
  "arena_headers",
  "connect_timeout",
  "read_timeout",
];

/** jq: the agents' ids and types, or null for whatever is no list of agents. */
const agentsJq = `try (.body | fromjson | if type == "array" then map({id: .id, type: .type}) else null end) catch null`;

/**
 * The text of a flow that asks the arena for its agents, by the deployed flow's own variables, or by the package's where
 * it is not deployed.
 */
export async function probeText(
  id: string,
  { kestra, namespace }: { kestra: KestraApi; namespace: string },
  signal: AbortSignal | undefined,
): Promise<string> {
  const { parse, stringify } = await import("yaml");
  const deployed = await kestra.flows.find(namespace, model, { signal });
  const source =
    deployed?.source ?? (await loadFlow(model, { line: await kestra.line(signal), namespace }));
  const { variables = {} } = parse(source) as { variables?: Record<string, unknown> };
  const own = Object.fromEntries(taken.map((name) => [name, variables[name] ?? ""]));
  return stringify(
    {
      id,
      namespace,
      description:
        "Made by the doctor of kestra-arena to see whether the arena can be reached from here, and removed when it has.",
      labels: { "arena.doctor": "probe" },
      variables: { ...own, agents_jq: agentsJq },
      tasks: [
        {
          id: "where",
          type: "io.kestra.plugin.core.log.Log",
          message: "arena_api_url={{ render(vars.arena_api_url) }}",
        },
        request("agents", "/api/agents"),
        // Empty, so that it is no alert: who takes alerts refuses it, and who does not has no such route.
        {
          ...request("alerts", "/api/alerts"),
          method: "POST",
          contentType: "application/json",
          body: "{}",
        },
      ],
      outputs: [
        { id: "code", type: "INT", value: "{{ outputs.agents.code ?? null }}", required: false },
        {
          id: "agents",
          type: "JSON",
          value: "{{ {'body': outputs.agents.body ?? ''} | jq(vars.agents_jq) | first | toJson }}",
          required: false,
        },
        {
          id: "alerts_code",
          type: "INT",
          value: "{{ outputs.alerts.code ?? null }}",
          required: false,
        },
      ],
    },
    { lineWidth: 0 },
  );
}

function request(id: string, path: string) {
  return {
    id,
    type: "io.kestra.plugin.core.http.Request",
    uri: `{{ render(vars.arena_api_url) }}${path}`,
    headers: "{{ render(vars.arena_headers) }}",
    options: {
      timeout: {
        connectTimeout: "{{ vars.connect_timeout }}",
        readIdleTimeout: "{{ vars.read_timeout }}",
      },
      allowFailed: true,
    },
  };
}
