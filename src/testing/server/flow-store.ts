import { parse, parseDocument } from "yaml";
import type { KestraLine } from "../../kestra/dialect.ts";
import { empty, json, problem } from "./answers.ts";
import type { SimulatedRequest } from "./faults.ts";

/** A flow that was deployed. */
export interface DeployedFlow {
  readonly namespace: string;
  readonly id: string;
  readonly source: string;
  readonly revision: number;
}

/** The flows that were deployed, by their sources, and the routes that do it. */
export class FlowStore {
  readonly #line: KestraLine;
  readonly #flows = new Map<string, DeployedFlow>();

  constructor(line: KestraLine) {
    this.#line = line;
  }

  /** All of them. */
  get all(): DeployedFlow[] {
    return [...this.#flows.values()];
  }

  /** Answers a request for `flows/…`; `undefined` for one that it does not know. */
  answer({ method, path, query, target }: SimulatedRequest, body: string): Response | undefined {
    const [root, first = "", second] = path.split("/").map(decodeURIComponent);
    if (root !== "flows") return undefined;
    if (method === "POST" && path === "flows") return this.#create(body);
    if (method === "POST" && path === "flows/validate") return json([verdict(body)]);
    if (method === "GET" && path === "flows/search") return this.#search(query);
    if (second === undefined) return undefined;
    const key = `${first}/${second}`;
    const flow = this.#flows.get(key);
    if (flow === undefined) return problem(this.#line, 404, "not-found", target);
    if (method === "GET") return json(this.#show(flow));
    if (method === "PUT") return json(this.#show(this.#store(body, flow)));
    if (method !== "DELETE") return undefined;
    this.#flows.delete(key);
    return empty(204);
  }

  #create(source: string): Response {
    const { id, namespace } = readFlow(source);
    if (!this.#flows.has(`${namespace}/${id}`)) return json(this.#show(this.#store(source)));
    if (this.#line === "2") {
      const detail = `Flow '${id}' already exists in namespace '${namespace}'.`;
      return problem("2", 409, "entity-already-exists", "/api/v1/main/flows", detail);
    }
    const detail = "flow.id: Flow id already exists";
    return problem("1.3", 422, "invalid-entity", "/api/v1/main/flows", detail);
  }

  /** An identical source makes no new revision. */
  #store(source: string, before?: DeployedFlow): DeployedFlow {
    if (before?.source === source) return before;
    const { id, namespace } = readFlow(source);
    const flow = { id, namespace, source, revision: (before?.revision ?? 0) + 1 };
    this.#flows.set(`${namespace}/${id}`, flow);
    return flow;
  }

  #show({ source, ...flow }: DeployedFlow): Record<string, unknown> {
    const told = { disabled: false, deleted: false, ...(this.#line === "2" && { draft: false }) };
    return { ...told, ...parse(source), ...flow, source };
  }

  #search(query: URLSearchParams): Response {
    const namespace = query.get("filters[namespace][EQUALS]");
    const found = this.all.filter((flow) => namespace === null || flow.namespace === namespace);
    const size = Number(query.get("size") ?? 10);
    const first = (Number(query.get("page") ?? 1) - 1) * size;
    return json({
      results: found.slice(first, first + size).map((flow) => this.#show(flow)),
      total: found.length,
    });
  }
}

/** A flow's source, read. */
export function readFlow(source: string): {
  id: string;
  namespace: string;
  triggers: readonly Record<string, unknown>[];
} {
  const flow = parse(source) ?? {};
  return { id: String(flow.id), namespace: String(flow.namespace), triggers: flow.triggers ?? [] };
}

/** The fake finds nothing wrong but what is no YAML: what else Kestra would refuse, only Kestra can tell. */
function verdict(source: string): Record<string, unknown> {
  const { errors } = parseDocument(source);
  if (errors.length > 0) return { index: 0, outdated: false, constraints: errors[0]?.message };
  const { id, namespace } = readFlow(source);
  const nothing = { deprecationPaths: [], warnings: [], infos: [] };
  return { index: 0, namespace, flow: id, outdated: false, ...nothing };
}
