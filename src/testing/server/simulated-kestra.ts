import type { KestraLine } from "../../kestra/dialect.ts";
import { type ActingServer, act, kill } from "./actions.ts";
import { json, problem } from "./answers.ts";
import { ServerClock } from "./clock.ts";
import { configs, isOpen } from "./configs.ts";
import { create } from "./create.ts";
import type { SimulatedExecution } from "./execution.ts";
import type { Fault, SimulatedRequest, StreamFault } from "./faults.ts";
import { FlowStore } from "./flow-store.ts";
import { followStream } from "./follow.ts";
import { goWrong } from "./go-wrong.ts";
import { KeyValues } from "./key-values.ts";
import type { Life } from "./life.ts";
import { failureLog, type LogLine, logLines } from "./logs.ts";
import { noTraffic, type SimulatedKestraOptions, type Traffic } from "./options.ts";
import { refuseOtherDialect } from "./other-dialect.ts";
import { readOutputs } from "./outputs.ts";
import { type Place, render } from "./render.ts";
import { idOf, readForm, routeOf } from "./request.ts";
import { findPage, readFilters, refusalOf } from "./search.ts";
import { ExecutionStore, type SimulatedFlow } from "./store.ts";
import { TriggerStore } from "./trigger-store.ts";
import { pause } from "./wire.ts";

const hangingKill: Life = [{ state: "KILLING", atMs: 0 }];

/**
 * Kestra's execution routes in memory, on both lines: a `fetch` that answers as the recorded servers do, and that goes
 * wrong as it is told. Executions go by scripts, on whatever clock `Date` and `setTimeout` are on.
 */
export class SimulatedKestra {
  readonly url: string;
  readonly line: KestraLine;
  readonly clock: ServerClock;
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
  readonly #deployed: FlowStore;
  readonly #triggers: TriggerStore;
  readonly #keyValues: KeyValues;

  constructor(options: SimulatedKestraOptions = {}) {
    this.options = options;
    this.line = options.line ?? "2";
    this.url = options.url ?? "http://kestra.test";
    this.clock = options.clock ?? new ServerClock();
    this.#deployed = new FlowStore(this.line);
    this.#triggers = new TriggerStore(this.line, this.#deployed);
    this.#keyValues = new KeyValues(this.line);
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
  now = (): number => this.clock.now() + (this.options.clockSkewMs ?? 0);

  /** To be handed to a client. */
  fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const signal = init.signal ?? new AbortController().signal;
    const request: SimulatedRequest = {
      method: init.method ?? "GET",
      path: url.pathname.replace(/^\/api\/v1\/main\//, ""),
      query: url.searchParams,
      target: `${url.pathname}${url.search}`,
      route: routeOf(url.pathname, init.method ?? "GET"),
    };
    this.traffic.requests += 1;
    this.traffic.byRoute[request.route] = (this.traffic.byRoute[request.route] ?? 0) + 1;
    this.openRequests += 1;
    try {
      signal.throwIfAborted();
      const fault = this.options.faults?.(request);
      const { latencyMs = 1 } = this.options;
      await pause(
        this.clock,
        typeof latencyMs === "number" ? latencyMs : latencyMs(request),
        signal,
      );
      return await goWrong(fault, {
        signal,
        clock: this.clock,
        answer: (how) => this.#answer(request, init, how, signal),
        refuse: (status, slug) => problem(this.line, status, slug, request.target),
        doLate: (afterMs) => this.#create(request, init, this.now() + afterMs),
      });
    } finally {
      this.openRequests -= 1;
    }
  };

  async #answer(
    request: SimulatedRequest,
    init: RequestInit,
    fault: Fault | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { authorization } = this.options;
    const headers = new Headers(init.headers);
    const isAllowed = authorization === undefined || headers.get("authorization") === authorization;
    if (!isAllowed && !isOpen(this.line, request.target)) {
      return problem(this.line, 401, "unauthenticated", request.target);
    }
    const how = fault?.kind === "stream" ? fault.how : undefined;
    if (request.route === "follow") return this.#follow(request, how, signal);
    const answer = await this.#route(request, init, fault?.kind === "kill-hangs");
    const text = answer.body === null ? "" : await answer.clone().text();
    this.traffic.bytes += text.length;
    if (request.route === "search") this.traffic.watchingBytes += text.length;
    return answer;
  }

  /** A failed task never goes without a line that says so. */
  #logOf(id: string): readonly LogLine[] {
    const now = this.now();
    const hasFailed = this.store.find(id, now)?.stateAt(now) === "FAILED";
    return this.logs.get(id) ?? (hasFailed ? failureLog : []);
  }

  async #route(
    request: SimulatedRequest,
    init: RequestInit,
    isHanging: boolean,
  ): Promise<Response> {
    const { route, target } = request;
    const id = idOf(request.path);
    const refusal = refuseOtherDialect(this.line, request);
    if (refusal !== undefined) return refusal;
    switch (route) {
      case "configs":
        if (target.endsWith("/login")) return json({ isBasicAuthInitialized: true });
        return json(configs(this.line, this.url));
      case "create":
        return this.#create(request, init, this.now());
      case "search":
        return this.#search(request);
      case "logs":
        return json(logLines(this.line, id, this.#logOf(id), request.query));
      case "file":
        return this.#file(request);
      case "other":
        return this.#other(request, typeof init.body === "string" ? init.body : "");
      default: {
        const execution = this.#readable(id);
        if (execution === undefined) return problem(this.line, 404, "not-found", target);
        if (route === "get") return json(this.#render(execution, "get"));
        if (route === "outputs") return readOutputs(this.line, execution, request, this.now());
        if (route === "kill") {
          const killedLife = isHanging ? hangingKill : this.options.killedLife;
          return kill(this.#acting(), execution, killedLife);
        }
        return act(this.#acting(), execution, request, target);
      }
    }
  }

  #create(request: SimulatedRequest, init: RequestInit, now: number): Response {
    const { line, store } = this;
    const nodeSkewMs = this.options.nodeSkewMs?.() ?? 0;
    const flow = (flowId: string) => this.#flows.get(flowId);
    const isJson = new Headers(init.headers).get("content-type") === "application/json";
    const start = { inputs: readForm(init), isJson, now };
    const created = create({ line, store, nodeSkewMs, flow }, request, start);
    return created instanceof Response ? created : json(this.#render(created, "create"));
  }

  /** What has nothing to do with executions. */
  #other(request: SimulatedRequest, body: string): Response {
    const answer =
      this.#deployed.answer(request, body) ??
      this.#triggers.answer(request, body, this.now()) ??
      this.#keyValues.answer(request, body);
    if (answer !== undefined) return answer;
    const detail = `The fake Kestra has no ${request.method} ${request.path}.`;
    return problem(this.line, 501, "not-implemented", request.target, detail);
  }

  #search(request: SimulatedRequest): Response {
    const filters = readFilters(request.query);
    const refusal = refusalOf(filters);
    if (refusal !== undefined) {
      return problem(this.line, 422, "invalid-argument", request.target, refusal);
    }
    const { indexLagMs = 0 } = this.options;
    const now = this.now() - (typeof indexLagMs === "number" ? indexLagMs : indexLagMs());
    const visible = this.store
      .existing(now)
      .filter(({ id }) => (this.#hidden.get(id) ?? 0) <= this.now());
    const { rows, total } = findPage(visible, filters, request.query, now);
    this.traffic.rows += rows.length;
    return json({ results: rows.map((execution) => this.#render(execution, "row", now)), total });
  }

  #follow(
    request: SimulatedRequest,
    fault: StreamFault | undefined,
    signal: AbortSignal,
  ): Response {
    if (fault === "page") {
      return new Response("<html>busy</html>", { headers: { "content-type": "text/html" } });
    }
    const id = idOf(request.path);
    this.openStreams += 1;
    const stream = followStream(
      {
        id,
        execution: this.#readable(id),
        fault,
        endDelayMs: this.options.endDelayMs ?? 0,
        now: this.now,
        after: (durationMs, run) => this.clock.after(durationMs, run),
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

  /** What an action may do with the server. */
  #acting(): ActingServer {
    return {
      line: this.line,
      now: () => this.now(),
      render: (execution, place) => this.#render(execution, place),
      replay: (execution) => this.#replay(execution),
      childrenOf: (executionId) => this.store.childrenOf(executionId),
    };
  }

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

  #file(request: SimulatedRequest): Response {
    const content = this.files.get(request.query.get("path") ?? "");
    if (content === undefined) {
      return problem(this.line, 422, "invalid-argument", request.target, "Invalid prefix path");
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
