import type { KestraLine } from "../../kestra/dialect.ts";
import { problem } from "./answers.ts";
import type { SimulatedRequest } from "./faults.ts";

const actions = ["kill", "pause", "resume", "restart", "replay", "labels"];

/** What a line answers to an action as the other line writes it; `undefined` for its own. */
export function refuseOtherDialect(
  line: KestraLine,
  { method, path, target }: SimulatedRequest,
): Response | undefined {
  const [root, , third = "", fourth] = path.split("/");
  if (root !== "executions") return undefined;
  if (line === "1.3") {
    return third === "actions" ? problem("1.3", 404, "not-found", target) : undefined;
  }
  if (fourth !== undefined || !actions.includes(third)) return undefined;
  // 2.x takes `executions/{id}/pause` for the start of a flow `pause`.
  if (method === "POST") {
    return problem("2", 404, "not-found", target, "Requested Flow is not found.");
  }
  const detail = `Method [${method}] not allowed for URI [${target}]. Allowed methods: [POST]`;
  const answer = problem("2", 405, "method-not-allowed", target, detail);
  answer.headers.set("allow", "POST");
  return answer;
}
