import type { KestraLine } from "../../kestra/dialect.ts";
import { empty, json, problem } from "./answers.ts";
import type { SimulatedExecution } from "./execution.ts";
import type { SimulatedRequest } from "./faults.ts";
import { type Life, succeedsAfter } from "./life.ts";
import type { Place } from "./render.ts";

/** What an action needs of the server. */
export interface ActingServer {
  readonly line: KestraLine;
  now(): number;
  render(execution: SimulatedExecution, place: Place): Record<string, unknown>;
  replay(execution: SimulatedExecution): SimulatedExecution;
  childrenOf(executionId: string): readonly SimulatedExecution[];
}

const killed: Life = [
  { state: "KILLING", atMs: 0 },
  { state: "KILLED", atMs: 20 },
];

/** Kills an execution and what it started; one that is over is left as it is, and that is no error. */
export function kill(
  server: ActingServer,
  execution: SimulatedExecution,
  killedLife: Life = killed,
): Response {
  end(server, execution, killedLife);
  if (server.line === "1.3") return empty(202);
  return json(server.render(execution, "action"), 200, "text/json");
}

function end(server: ActingServer, execution: SimulatedExecution, killedLife: Life): void {
  const now = server.now();
  const isOver = execution.endsAt !== undefined && execution.endsAt <= now;
  if (isOver || execution.stateAt(now) === "KILLING") return;
  execution.turn(now, killedLife);
  for (const child of server.childrenOf(execution.id)) end(server, child, killedLife);
}

/** The state that an action wants. */
const wantedStates: Readonly<Record<string, string>> = {
  pause: "RUNNING",
  resume: "PAUSED",
  restart: "FAILED",
};

/** Pauses, resumes, restarts or replays an execution. */
export function act(
  server: ActingServer,
  execution: SimulatedExecution,
  request: SimulatedRequest,
  path: string,
): Response {
  const now = server.now();
  const action = request.path.split("/").at(-1) ?? "";
  const state = execution.stateAt(now);
  const wanted = wantedStates[action];
  if (wanted !== undefined && state !== wanted) {
    return problem(server.line, 409, "conflict", path, `The execution is ${state}.`);
  }
  if (action === "replay") return json(server.render(server.replay(execution), "action"));
  if (action === "pause") execution.turn(now, [{ state: "PAUSED", atMs: 0 }]);
  else execution.turn(now, [{ state: "RESTARTED", atMs: 0 }, ...succeedsAfter(300)]);
  if (server.line === "2" || action === "restart") return json(server.render(execution, "action"));
  return empty(action === "resume" ? 204 : 200);
}
