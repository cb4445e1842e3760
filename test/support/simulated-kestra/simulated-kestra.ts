import type { KestraLine } from "../../../src/kestra/dialect.ts";
import { isTerminal } from "../../../src/kestra/states.ts";
import { empty, json, problem } from "./answers.ts";
import type { SimulatedExecution } from "./execution.ts";
import {
  brokenConnection,
  type Fault,
  type FaultPlan,
  type Route,
  type SimulatedRequest,
} from "./faults.ts";
import { followStream } from "./follow.ts";
import { type Life, succeedsAfter } from "./life.ts";
import { type Place, render } from "./render.ts";
import { dateOf, fits, readFilters, refusalOf } from "./search.ts";
import { ExecutionStore, type SimulatedFlow } from "./store.ts";

/** How a simulated server is to be. */
export interface SimulatedKestraOptions {
  /** @default "2" */
  line?: KestraLine;
  /** The flows that it knows. */
  flows?: readonly SimulatedFlow[];
  /** What goes wrong. @default nothing */
  faults?: FaultPlan;
  /** How far the search lags behind. @default 0 */
  indexLagMs?: number | (() => number);
  /** For how long after its start an execution cannot be read. @default 0 */
  unreadableMs?: number;
  /** By how much the clock of the node that takes a start is off. @default 0 */
  nodeSkewMs?: () => number;
  /** By how much the server's clock is off from ours. @default 0 */
  clockSkewMs?: number;
  /** How a killed execution goes on; `[]` for a kill that hangs. @default KILLING, and KILLED after 20 ms */
  killedLife?: Life;
  /** How long after the last change a stream says `end`. @default 0 */
  endDelayMs?: number;
  /** How long an answer takes. @default 1 */
  latencyMs?: number | ((request: SimulatedRequest) => number);
  /** The `authorization` header that it wants; `undefined` for none. */
  authorization?: string;
}

/** What has gone over the wire. */
export interface Traffic {
  requests: number;
  rows: number;
  bytes: number;
  /** Of searches and streams. */
  watchingBytes: number;
  byRoute: Partial<Record<Route, number>>;
}

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
  readonly logs = new Map<string, { level: string; message: string; taskRunId?: string }[]>();
  /** The files of the internal storage. */
  readonly files = new Map<string, string>();
  /** How many streams are open. */
  openStreams = 0;
  /** How many requests have not been answered yet. */
  openRequests = 0;
  options: SimulatedKestraOptions;
  readonly #flows = new Map<string, SimulatedFlow>();

  constructor(options: SimulatedKestraOptions = {}) {
    this.options = options;
    this.line = options.line ?? "2";
    for (const flow of options.flows ?? []) this.#flows.set(flow.id, flow);
  }

  /** Adds a flow, or changes how the next of its executions go. */
  define(flow: SimulatedFlow): void {
    this.#flows.set(flow.id, flow);
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
        return json(this.#logLines(id, request.query));
      case "file":
        return this.#file(request, path);
      default: {
        const execution = this.#readable(id);
        if (execution === undefined) return problem(this.line, 404, "not-found", path);
        if (route === "get") return json(this.#render(execution, "get"));
        if (route === "outputs") return this.#outputs(execution, path);
        if (route === "kill") return this.#kill(execution);
        return this.#act(execution, request, path);
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

  #kill(execution: SimulatedExecution): Response {
    const now = this.now();
    const {
      killedLife = [
        { state: "KILLING", atMs: 0 },
        { state: "KILLED", atMs: 20 },
      ],
    } = this.options;
    const isOver = execution.endsAt !== undefined && execution.endsAt <= now;
    if (!isOver && execution.stateAt(now) !== "KILLING") execution.turn(now, killedLife);
    if (this.line === "1.3") return empty(202);
    return json(this.#render(execution, "create"), 200, "text/json");
  }

  #act(execution: SimulatedExecution, request: SimulatedRequest, path: string): Response {
    const now = this.now();
    const action = request.path.split("/").at(-1) ?? "";
    const state = execution.stateAt(now);
    const wanted = { pause: "RUNNING", resume: "PAUSED", restart: "FAILED" }[action];
    if (wanted !== undefined && state !== wanted) {
      return problem(this.line, 409, "conflict", path, `The execution is ${state}.`);
    }
    if (action === "pause") execution.turn(now, [{ state: "PAUSED", atMs: 0 }]);
    if (action === "resume" || action === "restart") {
      execution.turn(now, [{ state: "RESTARTED", atMs: 0 }, ...succeedsAfter(300)]);
    }
    if (action === "replay") return json(this.#render(this.#replay(execution, now), "create"));
    const body = this.#render(execution, "create");
    if (this.line === "2" || action === "restart") return json(body);
    return empty(action === "resume" ? 204 : 200);
  }

  #replay(execution: SimulatedExecution, now: number): SimulatedExecution {
    const { namespace, flowId, inputs, labels } = execution.seed;
    const flow = this.#flows.get(flowId) ?? { id: flowId };
    return this.store.create({
      namespace,
      flow,
      inputs,
      labels: labels.map((label) => ({ ...label })),
      now,
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

  #logLines(id: string, query: URLSearchParams): Record<string, unknown>[] {
    const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
    const name = this.line === "2" ? "filters[level][GREATER_THAN_OR_EQUAL_TO]" : "minLevel";
    const least = levels.indexOf(query.get(name) ?? "TRACE");
    const lines = this.logs.get(id) ?? [];
    return lines
      .filter(({ level }) => levels.indexOf(level) >= least)
      .map((line, index) => ({
        timestamp: new Date(index).toISOString(),
        executionId: id,
        taskRunId: `${id}-task`,
        taskId: "work",
        ...line,
      }));
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

const noTraffic = (): Traffic => ({
  requests: 0,
  rows: 0,
  bytes: 0,
  watchingBytes: 0,
  byRoute: {},
});

function idOf(path: string): string {
  const parts = path.split("/").map(decodeURIComponent);
  if (parts[0] === "outputs") return parts[2] ?? "";
  return parts[1] ?? "";
}

function routeOf(pathname: string, method: string): Route {
  if (pathname === "/api/v1/configs") return "configs";
  const [first, second = "", ...rest] = pathname.replace(/^\/api\/v1\/main\//, "").split("/");
  const last = rest.at(-1);
  if (first === "outputs") return "outputs";
  if (first === "logs") return "logs";
  if (first !== "executions") return "other";
  if (second === "search") return "search";
  if (last === undefined) return "get";
  if (last === "follow") return "follow";
  if (last === "file") return "file";
  if (last === "kill" && method === "DELETE") return "kill";
  const actions = ["pause", "resume", "restart", "replay"];
  if (method === "POST") return actions.includes(last) ? "action" : "create";
  return "other";
}

/** The text parts of a multipart body, or the parts of a form. */
function readForm({ body }: RequestInit): Record<string, unknown> {
  if (body instanceof FormData) return Object.fromEntries(body);
  if (typeof body !== "string") return {};
  const inputs: Record<string, unknown> = {};
  const part = /name="([^"]*)"\r\n\r\n([\s\S]*?)\r\n--/g;
  for (const [, name = "", value = ""] of body.matchAll(part)) inputs[name] = value;
  return inputs;
}

/** The answer's head, and half of its body. */
async function brokenOff(answer: Response): Promise<Response> {
  if (answer.headers.get("content-type") === "text/event-stream") {
    await answer.body?.cancel();
    throw brokenConnection();
  }
  const text = await answer.text();
  const { status, headers } = answer;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
    },
    pull(controller) {
      controller.error(brokenConnection("UND_ERR_SOCKET"));
    },
  });
  return new Response(body, { status, headers });
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, durationMs);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
