import { parse } from "yaml";
import { KestraApi } from "../../../src/kestra/index.ts";
import { FlowsClient } from "../../../src/templates/flows-client.ts";

/** Kestra's flow routes, one flow a call, in memory; every request is recorded. */
export class FakeKestra {
  /** `POST /api/v1/main/flows`, in the order sent. */
  readonly requests: string[] = [];
  /** The flows by namespace and id, each with all its revisions. */
  readonly flows = new Map<string, string[]>();
  /** Answers a request itself, or leaves it to the fake. */
  intercept: (method: string, path: string, body: string) => Response | undefined = () => undefined;
  /** What the validation says of a text. */
  constraints: (source: string) => string | undefined = () => undefined;
  readonly warnings: string[] = [];

  /** For a client of its own. */
  readonly fetch: typeof fetch = (input, init) => this.#fetch(new Request(input, init));

  readonly api = new KestraApi({
    url: "http://kestra.test",
    tenant: "main",
    line: "2",
    authorization: undefined,
    secrets: [],
    headers: {},
    retries: 0,
    requestTimeoutMs: 5_000,
    fetch: (input, init) => this.fetch(input, init),
    hooks: undefined,
    tracer: undefined,
    onServer: () => {},
  });

  readonly client = new FlowsClient({
    kestra: this.api,
    namespace: "ai-arena",
    warn: ({ message }) => this.warnings.push(message),
  });

  /** What was sent that changes something. */
  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith("GET") && !line.endsWith("/validate"));
  }

  source(flowId: string): string {
    return this.flows.get(`ai-arena/${flowId}`)?.at(-1) ?? "";
  }

  /** As somebody in Kestra's UI would. */
  edit(flowId: string, change: (source: string) => string): void {
    const revisions = this.flows.get(`ai-arena/${flowId}`) ?? [];
    this.flows.set(`ai-arena/${flowId}`, [...revisions, change(revisions.at(-1) ?? "")]);
  }

  async #fetch(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname).replace("/api/v1/main/", "");
    const body = await request.text();
    this.requests.push(`${request.method} ${path}`);
    const intercepted = this.intercept(request.method, path, body);
    if (intercepted !== undefined) return intercepted;
    if (path === "flows/validate") {
      const constraints = this.constraints(body);
      return Response.json([{ index: 0, ...(constraints !== undefined && { constraints }) }]);
    }
    if (path === "flows" && request.method === "POST") return this.#create(body);
    const key = path.replace("flows/", "");
    const revisions = this.flows.get(key);
    if (revisions === undefined) return problem(404, "not-found");
    if (request.method === "DELETE") {
      this.flows.delete(key);
      return new Response(null, { status: 204 });
    }
    if (request.method === "PUT" && revisions.at(-1) !== body) revisions.push(body);
    return this.#answer(key);
  }

  #create(body: string): Response {
    const { id, namespace } = parse(body) as { id: string; namespace: string };
    const key = `${namespace}/${id}`;
    if (this.flows.has(key)) return problem(409, "entity-already-exists");
    this.flows.set(key, [body]);
    return this.#answer(key);
  }

  #answer(key: string): Response {
    const [namespace, id] = key.split("/");
    const revisions = this.flows.get(key) ?? [];
    return Response.json({ id, namespace, revision: revisions.length, source: revisions.at(-1) });
  }
}

export function problem(status: number, slug: string, detail = slug): Response {
  const type = `https://kestra.io/docs/api-reference/problems/${slug}`;
  return Response.json(
    { type, title: slug, status, detail },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}
