import type { KestraLine } from "../../kestra/dialect.ts";
import { isTerminal } from "../../kestra/states.ts";
import { act, kill } from "./actions.ts";
import { json, problem } from "./answers.ts";
import type { SimulatedExecution } from "./execution.ts";
import { brokenConnection, type Fault, type SimulatedRequest } from "./faults.ts";
import { followStream } from "./follow.ts";
import { type LogLine, logLines } from "./logs.ts";
import { noTraffic, type SimulatedKestraOptions, type Traffic } from "./options.ts";
import { type Place, render } from "./render.ts";
import { idOf, readForm, routeOf } from "./request.ts";
import { dateOf, fits, readFilters, refusalOf } from "./search.ts";
import { ExecutionStore, type SimulatedFlow } from "./store.ts";
import { brokenOff, never, pause } from "./wire.ts";

/**
 * Kestra's execution routes in memory, on both lines: a `fetch` that answers as the recorded servers do, and that goes
 * wrong as it is told. Executions go by scripts, on whatever clock `Date` and `setTimeout` are on.
 */
export class SimulatedKestra {
  readonly url = "http://kestra.test";
  readonly line: KestraLine;
  readonly store = new ExecutionStore();
  traffic: Traffic = noTraffic();
  /** The lines of each execution's log. */
  readonly logs = new Map<string, LogLine[]>();
  /** The files of the internal storage. */
  readonly files = new Map<string, string>();
  /** How many streams are open. */
  openStreams = 0;
  /** How many requests have not been answered yet. */
  openRequests = 0;
  options: SimulatedKestraOptions;
  readonly #flows = new Map<string, SimulatedFlow>();
  readonly #hidden = new Map<string, number>();

  constructor(options: SimulatedKestraOptions = {}) {
    this.options = options;
    this.line = options.line ?? "2";
    this.#acting.line = this.line;
    for (const flow of options.flows ?? []) this.#flows.set(flow.id, flow);
  }

  /** Adds a flow, or changes how the next of its executions go. */
  define(flow: SimulatedFlow): void {
    this.#flows.set(flow.id, flow);
  }

  /** Keeps an execution out of the search until then, by the server's clock. */
  hide(id: string, until: number): void {
    this.#hidden.set(id, until);
  }

  /** An execution as it was at an instant. */
  show(id: string, at: number): Record<string, unknown> {
    const execution = this.store.find(id, this.now());
    return execution === undefined ? {} : this.#render(execution, "get", at);
  }

  /** Counts from nothing again. */
  resetTraffic(): void {
    this.traffic = noTraffic();
  }

  /** The server's own clock. */
  now = (): number => Date.now() + (this.options.clockSkewMs ?? 0);

  /** To be handed to a client. */
  fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const signal = init.signal ?? new AbortController().signal;
    const request: SimulatedRequest = {
      method: init.method ?? "GET",
      path: url.pathname.replace(/^\/api\/v1\/main\//, ""),
      query: url.searchParams,
      route: routeOf(url.pathname, init.method ?? "GET"),
    };
    this.traffic.requests += 1;
    this.traffic.byRoute[request.route] = (this.traffic.byRoute[request.route] ?? 0) + 1;
    this.openRequests += 1;
    try {
      signal.throwIfAborted();
      const fault = this.options.faults?.(request);
      const { latencyMs = 1 } = this.options;
      await pause(typeof latencyMs === "number" ? latencyMs : latencyMs(request), signal);
      return await this.#faulty(request, init, fault, signal);
    } finally {
      this.openRequests -= 1;
    }
  };

  async #faulty(
    request: SimulatedRequest,
    init: RequestInit,
    fault: Fault | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    switch (fault?.kind) {
      case undefined:
      case "stream":
        return this.#answer(request, init, fault, signal);
      case "delay":
        await pause(fault.delayMs, signal);
        return this.#answer(request, init, undefined, signal);
      case "hang":
        if (fault.isDone) await this.#unheard(request, init, signal);
        return never(signal);
      case "late":
        this.#create(request, init, this.now() + fault.doneMs);
        throw brokenConnection();
      case "answer": {
        if (fault.isDone) await this.#unheard(request, init, signal);
        const { status, headers = {}, body = "" } = fault;
        return new Response(status === 204 ? null : body, { status, headers });
      }
      case "reset": {
        if (fault.when === "before") throw brokenConnection();
        if (fault.when === "body") {
          return brokenOff(await this.#answer(request, init, undefined, signal));
        }
        await this.#unheard(request, init, signal);
        throw brokenConnection();
      }
    }
  }

  /** Does what was asked, though its answer goes nowhere. */
  async #unheard(request: SimulatedRequest, init: RequestInit, signal: AbortSignal): Promise<void> {
    const answer = await this.#answer(request, init, undefined, signal);
    await answer.body?.cancel();
  }

  async #answer(
    request: SimulatedRequest,
    init: RequestInit,
    fault: Extract<Fault, { kind: "stream" }> | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { authorization } = this.options;
    const headers = new Headers(init.headers);
    const path = `/api/v1/main/${request.path}`;
    if (authorization !== undefined && headers.get("authorization") !== authorization) {
      return problem(this.line, 401, "unauthenticated", path);
    }
    if (request.route === "follow") return this.#follow(request, fault, signal);
    const answer = await this.#route(request, init, path);
    const text = answer.body === null ? "" : await answer.clone().text();
    this.traffic.bytes += text.length;
    if (request.route === "search") this.traffic.watchingBytes += text.length;
    return answer;
  }

  async #route(request: SimulatedRequest, init: RequestInit, path: string): Promise<Response> {
    const { route } = request;
    const id = idOf(request.path);
    switch (route) {
      case "configs":
        return json({ version: this.line === "2" ? "2.0.8" : "1.3.31", edition: "OSS" });
      case "create":
        return this.#create(request, init, this.now());
      case "search":
        return this.#search(request, path);
      case "logs":
        return json(logLines(this.line, id, this.logs.get(id) ?? [], request.query));
      case "file":
        return this.#file(request, path);
      default: {
        const execution = this.#readable(id);
        if (execution === undefined) return problem(this.line, 404, "not-found", path);
        if (route === "get") return json(this.#render(execution, "get"));
        if (route === "outputs") return this.#outputs(execution, path);
        if (route === "kill") return kill(this.#acting, execution, this.options.killedLife);
        return act(this.#acting, execution, request, path);
      }
    }
  }

  #create(request: SimulatedRequest, init: RequestInit, now: number): Response {
    const [, namespace = "", flowId = ""] = request.path.split("/").map(decodeURIComponent);
    const path = `/api/v1/main/${request.path}`;
    const flow = this.#flows.get(flowId);
    const refuse = (status: number, slug: string, detail: string) =>
      problem(this.line, status, slug, path, detail);
    if (flow === undefined) return refuse(404, "not-found", "Requested Flow is not found.");
    if (flow.isDisabled) return refuse(409, "conflict", "Requested Flow is disabled.");
    const inputs = readForm(init);
    const missing = flow.required?.find((name) => !(name in inputs));
    if (missing !== undefined) {
      return refuse(422, "invalid-entity", `Missing required input:${missing}`);
    }
    const labels = request.query.getAll("labels").map((label) => {
      const colon = label.indexOf(":");
      return { key: label.slice(0, colon), value: label.slice(colon + 1) };
    });
    const scheduleDate = request.query.get("scheduleDate") ?? undefined;
    const nodeSkewMs = this.options.nodeSkewMs?.() ?? 0;
    const start = { namespace, flow, inputs, labels, now, nodeSkewMs, scheduleDate };
    return json(this.#render(this.store.create(start), "create"));
  }

  #search(request: SimulatedRequest, path: string): Response {
    const { query } = request;
    const filters = readFilters(query);
    const refusal = refusalOf(filters);
    if (refusal !== undefined) {
      return problem(this.line, 422, "invalid-argument", path, refusal);
    }
    const { indexLagMs = 0 } = this.options;
    const now = this.now() - (typeof indexLagMs === "number" ? indexLagMs : indexLagMs());
    const found = this.store
      .existing(now)
      .filter(({ id }) => (this.#hidden.get(id) ?? 0) <= this.now())
      .filter((execution) => filters.every((filter) => fits(execution, filter, now)));
    const [field = "state.startDate", order = "asc"] = (query.get("sort") ?? "").split(":");
    const date = field === "state.endDate" ? "endDate" : "startDate";
    const dated = found.map((execution) => ({ execution, at: dateOf(execution, date, now) }));
    dated.sort((one, other) => (order === "desc" ? other.at - one.at : one.at - other.at));
    const size = Number(query.get("size") ?? 10);
    const first = (Number(query.get("page") ?? 1) - 1) * size;
    const rows = dated.slice(first, first + size);
    this.traffic.rows += rows.length;
    const results = rows.map(({ execution }) => this.#render(execution, "row", now));
    // Past the last page the total is 0, as on the real server.
    return json({ results, total: rows.length === 0 ? 0 : found.length });
  }

  #follow(
    request: SimulatedRequest,
    fault: Extract<Fault, { kind: "stream" }> | undefined,
    signal: AbortSignal,
  ): Response {
    if (fault?.how === "page") {
      return new Response("<html>busy</html>", { headers: { "content-type": "text/html" } });
    }
    const id = idOf(request.path);
    this.openStreams += 1;
    const stream = followStream(
      {
        id,
        execution: this.#readable(id),
        fault: fault?.how,
        endDelayMs: this.options.endDelayMs ?? 0,
        now: this.now,
        render: (execution) => this.#render(execution, "frame"),
        onBytes: (count) => {
          this.traffic.bytes += count;
          this.traffic.watchingBytes += count;
        },
        onClose: () => {
          this.openStreams -= 1;
        },
      },
      signal,
    );
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  #outputs(execution: SimulatedExecution, path: string): Response {
    const { outputs } = execution.seed;
    const hasEnded = isTerminal(execution.stateAt(this.now()));
    if (outputs === undefined || !hasEnded) return problem(this.line, 404, "not-found", path);
    return json(outputs);
  }

  readonly #acting = {
    line: "2" as KestraLine,
    now: () => this.now(),
    render: (execution: SimulatedExecution, place: Place) => this.#render(execution, place),
    replay: (execution: SimulatedExecution) => this.#replay(execution),
  };

  #replay(execution: SimulatedExecution): SimulatedExecution {
    const { namespace, flowId, inputs, labels } = execution.seed;
    const flow = this.#flows.get(flowId) ?? { id: flowId };
    return this.store.create({
      namespace,
      flow,
      inputs,
      labels: labels.map((label) => ({ ...label })),
      now: this.now(),
      nodeSkewMs: 0,
      parent: execution,
    });
  }

  #file(request: SimulatedRequest, path: string): Response {
    const content = this.files.get(request.query.get("path") ?? "");
    if (content === undefined) {
      return problem(this.line, 422, "invalid-argument", path, "Invalid prefix path");
    }
    return new Response(content, { headers: { "content-type": "application/octet-stream" } });
  }

  /** An execution that can be read already. */
  #readable(id: string): SimulatedExecution | undefined {
    const { unreadableMs = 0 } = this.options;
    return this.store.find(id, this.now() - unreadableMs);
  }

  #render(execution: SimulatedExecution, place: Place, now = this.now()) {
    return render(execution, { line: this.line, place, now, url: this.url });
  }
}
