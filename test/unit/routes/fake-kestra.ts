import { KestraArenaClient, type KestraArenaOptions } from "kestra-arena";

/** An execution of the fake Kestra; tests change its state as they like. */
export interface FakeExecution {
  id: string;
  namespace: string;
  flowId: string;
  state: {
    current: string;
    startDate: string;
    endDate?: string;
    histories: { state: string; date: string }[];
  };
  labels: { key: string; value: string }[];
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  logs: { timestamp: string; level: string; message: string; taskId?: string }[];
}

/** What the fake answers instead, for the first rule that fits. */
export interface Rule {
  method?: string;
  path: RegExp;
  answer: (request: Request) => Response | Promise<Response>;
}

/** A Kestra 2.x behind a `fetch`, as small as the routes need it. */
export function createFakeKestra(options: KestraArenaOptions = {}, { startsAs = "RUNNING" } = {}) {
  const executions = new Map<string, FakeExecution>();
  const sources = new Map<string, string>();
  const rules: Rule[] = [];
  const calls: { method: string; path: string }[] = [];
  let starts = 0;
  const open = new Set<ReadableStream>();

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace("/api/v1/main/", "");
    calls.push({ method: request.method, path });
    const rule = rules.find(
      ({ method, path: pattern }) =>
        pattern.test(path) && (method === undefined || method === request.method),
    );
    if (rule !== undefined) return rule.answer(request);
    if (pathname === "/api/v1/configs") return Response.json({ version: "2.0.8" });
    if (path === "executions/search") return search(searchParams);
    const [root, first = "", second = ""] = path.split("/");
    if (root === "flows") return flow(first, second);
    if (root === "logs") return Response.json(executions.get(first)?.logs ?? []);
    if (root === "outputs") return Response.json(executions.get(second)?.outputs ?? {});
    if (root !== "executions") return problem(404, "Not found");
    if (path.endsWith("/validate")) return validate(first, second, await request.formData());
    if (request.method === "POST" && first !== "webhook") {
      return start(
        first,
        second,
        await request.formData().catch(() => new FormData()),
        searchParams,
      );
    }
    if (request.method === "POST") return webhook(second, path.split("/")[3] ?? "");
    const execution = executions.get(first);
    if (execution === undefined) return problem(404, "Execution not found");
    if (request.method === "DELETE") return kill(execution);
    if (second === "follow") return follow(execution, request.signal);
    return Response.json(execution);
  }

  function search(query: URLSearchParams): Response {
    const wanted = (field: string) => query.get(`filters[${field}][EQUALS]`);
    const labels = [...query].flatMap(([key, value]) => {
      const [, label] = /^filters\[labels\]\[EQUALS\]\[(.+)\]$/.exec(key) ?? [];
      return label === undefined ? [] : [{ key: label, value }];
    });
    const states = query.get("filters[state][IN]")?.split(",");
    const found = [...executions.values()]
      .filter(({ namespace }) => [null, namespace].includes(wanted("namespace")))
      .filter(({ flowId }) => [null, flowId].includes(wanted("flowId")))
      .filter(({ state }) => states === undefined || states.includes(state.current))
      .filter((execution) =>
        labels.every(({ key, value }) =>
          execution.labels.some((label) => label.key === key && label.value === value),
        ),
      )
      .sort((one, other) => Date.parse(other.state.startDate) - Date.parse(one.state.startDate));
    const size = Number(query.get("size"));
    const from = (Number(query.get("page")) - 1) * size;
    return Response.json({ results: found.slice(from, from + size), total: found.length });
  }

  function flow(namespace: string, flowId: string): Response {
    const source = sources.get(`${namespace}/${flowId}`);
    if (source === undefined) return problem(404, "Flow not found");
    return Response.json({ id: flowId, namespace, revision: 1, source });
  }

  function start(namespace: string, flowId: string, form: FormData, query: URLSearchParams) {
    starts += 1;
    const labels = query.getAll("labels").map((label) => {
      const at = label.indexOf(":");
      return { key: label.slice(0, at), value: label.slice(at + 1) };
    });
    const execution = add({ namespace, flowId, labels, inputs: Object.fromEntries(form) });
    return Response.json(execution);
  }

  /** Kestra names every input that the flow has, whatever was sent. */
  function validate(namespace: string, flowId: string, form: FormData): Response {
    const source = sources.get(`${namespace}/${flowId}`);
    if (source === undefined) return problem(404, "Flow not found");
    const inputs = [...source.matchAll(/\{id: (\w+), type: \w+\}/g)].map(([, id]) => ({
      input: { id },
      value: form.get(id ?? ""),
      errors: null,
    }));
    return Response.json({ inputs, checks: [] });
  }

  function webhook(namespace: string, flowId: string): Response {
    starts += 1;
    return Response.json(add({ namespace, flowId }));
  }

  function add(given: Partial<FakeExecution> & { current?: string } = {}): FakeExecution {
    const { current = startsAs, ...rest } = given;
    const date = new Date(1_764_000_000_000 + executions.size * 1_000).toISOString();
    const names = current === "CREATED" ? [current] : ["CREATED", "RUNNING", current];
    const histories = [...new Set(names)].map((state) => ({ state, date }));
    const execution: FakeExecution = {
      id: `run${executions.size + 1}`,
      namespace: "ai-arena",
      flowId: "match-orchestration",
      state: { current, startDate: date, histories },
      labels: [],
      inputs: {},
      outputs: {},
      logs: [],
      ...rest,
    };
    executions.set(execution.id, execution);
    return execution;
  }

  function kill(execution: FakeExecution): Response {
    setState(execution, "KILLED");
    return Response.json(execution);
  }

  function setState({ state }: FakeExecution, current: string): void {
    const date = new Date().toISOString();
    state.current = current;
    state.histories.push({ state: current, date });
    state.endDate = date;
  }

  function follow(execution: FakeExecution, signal: AbortSignal): Response {
    const encoder = new TextEncoder();
    const isOver = () =>
      /^(SUCCESS|WARNING|FAILED|KILLED|CANCELLED)$/.test(execution.state.current);
    let timer: ReturnType<typeof setInterval>;
    let sent = "";
    const stop = () => {
      clearInterval(timer);
      open.delete(body);
    };
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (id: string) =>
          controller.enqueue(encoder.encode(`id: ${id}\ndata: ${JSON.stringify(execution)}\n\n`));
        signal.addEventListener("abort", stop);
        send("start");
        timer = setInterval(() => {
          if (sent === execution.state.current) return;
          sent = execution.state.current;
          send(isOver() ? "end" : "progress");
          if (!isOver()) return;
          stop();
          controller.close();
        }, 5);
      },
      cancel: () => stop(),
    });
    open.add(body);
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  const arena = new KestraArenaClient({
    url: "http://kestra.internal:8080",
    auth: { username: "arena@example.org", password: "s3cret-Passw0rd" },
    tickMs: 20,
    retries: 0,
    onWarning: () => {},
    ...options,
    fetch: fetch as typeof globalThis.fetch,
  });
  return {
    arena,
    fetch,
    executions,
    sources,
    rules,
    calls,
    add,
    setState,
    /** How many streams are open. */
    get followers() {
      return open.size;
    },
    get starts() {
      return starts;
    },
  };
}

/** An error of Kestra 2.x. */
export function problem(status: number, detail: string): Response {
  const type = "https://kestra.io/docs/api-reference/problems/x";
  return Response.json(
    { type, title: detail, status, detail },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}
