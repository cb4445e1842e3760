import type { KestraLine } from "../../kestra/dialect.ts";
import { problem } from "./answers.ts";
import type { SimulatedExecution } from "./execution.ts";
import type { SimulatedRequest } from "./faults.ts";
import type { ExecutionStore, SimulatedFlow } from "./store.ts";

/** What a start needs of the server. */
export interface StartingServer {
  readonly line: KestraLine;
  readonly store: ExecutionStore;
  readonly nodeSkewMs: number;
  flow(flowId: string): SimulatedFlow | undefined;
}

/** Creates an execution, or says why not. */
export function create(
  { line, store, nodeSkewMs, flow: find }: StartingServer,
  request: SimulatedRequest,
  { inputs, isJson, now }: { inputs: Record<string, unknown>; isJson: boolean; now: number },
): SimulatedExecution | Response {
  const [, namespace = "", flowId = ""] = request.path.split("/").map(decodeURIComponent);
  const flow = find(flowId);
  const refuse = (status: number, slug: string, detail: string) =>
    problem(line, status, slug, request.target, detail);
  if (flow === undefined) return refuse(404, "not-found", "Requested Flow is not found.");
  if (isJson) {
    const detail =
      "Content Type [application/json] not allowed. Allowed types: [multipart/form-data]";
    return refuse(415, "unsupported-media-type", detail);
  }
  if (flow.isDisabled) return refuse(409, "conflict", "Requested Flow is disabled.");
  const missing = flow.required?.find((name) => !(name in inputs));
  if (missing !== undefined) {
    return refuse(422, "invalid-entity", `Missing required input:${missing}`);
  }
  const labels = request.query.getAll("labels").map((label) => {
    const colon = label.indexOf(":");
    return { key: label.slice(0, colon), value: label.slice(colon + 1) };
  });
  const scheduleDate = request.query.get("scheduleDate") ?? undefined;
  return store.create({ namespace, flow, inputs, labels, now, nodeSkewMs, scheduleDate });
}
