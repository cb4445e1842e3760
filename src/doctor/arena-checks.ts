import { isTerminal } from "../kestra/states.ts";
import type { DoctorContext, DoctorOptions } from "./context.ts";
import { type Finding, failed, ok, warning } from "./findings.ts";
import { type Probed, runProbe } from "./run-probe.ts";

const setUrl =
  "Set ARENA_API_URL where the flows look for it: in the KV store of their namespace, or as ENV_ARENA_API_URL in Kestra's environment. Inside Docker localhost is the container itself: use the host's name there (host.docker.internal).";

/** Whether the arena can be reached from Kestra, whether it is the arena, and whether it has what matches need. */
export async function checkArena(
  context: DoctorContext,
  { signal, agentIds = [], probeTimeoutMs = 60_000 }: DoctorOptions,
): Promise<Finding[]> {
  const probed = await runProbe(context, { signal, timeoutMs: probeTimeoutMs });
  const arena = judgeArena(probed, probeTimeoutMs);
  if (arena.status === "failed") return [arena];
  return [arena, judgeAgents(probed, agentIds), judgeAlerts(probed)];
}

function judgeArena(probed: Probed, timeoutMs: number): Finding {
  const { state, arenaUrl, code, agents, error } = probed;
  const where = arenaUrl === undefined ? "the arena" : `the arena at ${arenaUrl}`;
  if (!isTerminal(state)) {
    const seen = `A small flow was ${state} after ${timeoutMs / 1_000} s.`;
    const advice =
      "Check that Kestra's workers and executor run: flows are taken, and not run to their end.";
    return failed("arena", "probe_not_run", seen, advice);
  }
  if (code === undefined) {
    const why = error === undefined ? `its run ended as ${state}` : error;
    return failed(
      "arena",
      "arena_unreachable",
      `A flow in Kestra could not reach ${where}: ${why}`,
      `Start the arena's backend. ${setUrl}`,
    );
  }
  if (code === 401 || code === 403) {
    const advice =
      "Give Kestra the key of the arena's backend as ARENA_API_KEY (ENV_ARENA_API_KEY in its environment).";
    return failed(
      "arena",
      "arena_key_refused",
      `A flow in Kestra was refused by ${where} (${code}).`,
      advice,
    );
  }
  if (code >= 500) {
    const advice = "Look into the log of the arena's backend.";
    return failed(
      "arena",
      "arena_failing",
      `A flow in Kestra was answered ${code} by ${where}.`,
      advice,
    );
  }
  if (code !== 200 || agents === undefined) {
    const answer = code === 200 ? "no list of agents" : String(code);
    const seen = `What a flow in Kestra reached as ${where} is not the arena's backend: GET /api/agents answered ${answer}.`;
    return failed("arena", "arena_wrong_url", seen, setUrl);
  }
  return ok("arena", "arena_reachable", `A flow in Kestra reached ${where}.`);
}

function judgeAgents({ agents = [] }: Probed, wanted: readonly string[]): Finding {
  const count = (type: string) => agents.filter((agent) => agent.type === type).length;
  const seen = `The arena has ${count("red")} red, ${count("blue")} blue and ${count("target")} target agents.`;
  const unknown = wanted.filter((id) => !agents.some((agent) => agent.id === id));
  if (unknown.length > 0) {
    const text = `${seen} Not among them: ${unknown.join(", ")}.`;
    return failed(
      "agents",
      "agents_missing",
      text,
      "Check the ids against GET /api/agents of the arena.",
    );
  }
  const without = ["red", "blue", "target"].filter((type) => count(type) === 0);
  if (without.length === 0) return ok("agents", "agents_present", seen);
  const advice = `A match needs one of each: create agents of type ${without.join(" and ")} in the arena (POST /api/agents).`;
  return failed("agents", "agents_missing", seen, advice);
}

function judgeAlerts({ alertsCode }: Probed): Finding {
  if (alertsCode !== undefined && alertsCode !== 404 && alertsCode !== 405 && alertsCode < 500) {
    return ok("alerts", "alerts_taken", "The arena takes alerts (POST /api/alerts).");
  }
  const seen = `The arena takes no alerts: POST /api/alerts answered ${alertsCode ?? "nothing"}.`;
  const advice =
    "Give continuous-monitoring a webhook for its alerts, or add the route to the backend.";
  return warning("alerts", "alerts_not_taken", seen, advice);
}
