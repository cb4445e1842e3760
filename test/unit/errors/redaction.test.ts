import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ArenaWarning,
  KestraArenaClient,
  type KestraArenaOptions,
} from "../../../src/index.ts";
import { succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { recordingTracer } from "../../support/recording-tracer.ts";
import { greet } from "../../support/test-flow.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const username = "ada@example.org";
const password = `S3cret/+"'<&%é`;
const apiToken = "kestra-token-0123456789";
const basic = Buffer.from(`${username}:${password}`).toString("base64");

const credentials: [string, KestraArenaOptions, string[]][] = [
  ["a user and a password", { auth: { username, password } }, [password, basic]],
  ["an API token", { auth: { apiToken } }, [apiToken]],
  [
    "a user and a password in the URL",
    { url: `http://${encodeURIComponent(username)}:${encodeURIComponent(password)}@kestra.test` },
    [password, basic],
  ],
  ["a header of one's own", { headers: { "x-api-key": apiToken } }, [apiToken]],
];

/** The ways in which a text may hold a secret. */
function spellings(secret: string): string[] {
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    html.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    html.replaceAll('"', "&#34;").replaceAll("'", "&#x27;"),
    // Half of it is too much as well.
    secret.slice(0, Math.ceil(secret.length / 2)),
  ];
}

/** All that can be seen of a value. */
function seen(value: unknown): string {
  const parts = [inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })];
  for (let error = value; error instanceof Error; error = error.cause) {
    parts.push(error.message, error.stack ?? "", String(error), JSON.stringify(error) ?? "");
    for (const key of Object.getOwnPropertyNames(error)) {
      parts.push(inspect(Reflect.get(error, key), { depth: Number.POSITIVE_INFINITY }));
    }
  }
  return parts.join("\n");
}

describe.each(credentials)("With %s", (_kind, options, secrets) => {
  const echoes = secrets.flatMap((secret) => spellings(secret).slice(0, -1));
  const echo = echoes.join(" | ");

  function setUp(kestra: SimulatedKestra) {
    const warnings: ArenaWarning[] = [];
    const hooked: unknown[] = [];
    const { tracer, spans } = recordingTracer();
    const arena = new KestraArenaClient({
      url: kestra.url,
      namespace: "test",
      fetch: kestra.fetch,
      line: "2",
      retries: 0,
      tracer,
      onWarning: (warning) => warnings.push(warning),
      hooks: {
        onRequest: (request) => hooked.push(request),
        onResponse: (response) => hooked.push(response),
        onError: (failure) => hooked.push(failure),
      },
      ...options,
    });
    return { arena, shown: () => [warnings, hooked, spans, arena, arena.options, arena.kestra] };
  }

  function expectNothing(...values: unknown[]) {
    const text = values.map(seen).join("\n");
    for (const secret of secrets) {
      for (const spelling of spellings(secret)) expect(text).not.toContain(spelling);
    }
  }

  const problem = JSON.stringify({
    type: `https://kestra.io/docs/api-reference/problems/${"bad-request"}`,
    title: echo,
    detail: `You sent ${echo}`,
    traceId: "trace",
    errors: [{ detail: `header ${echo}` }],
  });
  const micronaut = JSON.stringify({
    message: `Bad: ${echo}`,
    _embedded: { errors: [{ message: echo }] },
  });
  const page = `<html><p>${echoes.join("</p><p>")}</p>${"x".repeat(190)}${echo}</html>`;
  const answers = [problem, micronaut, page, `${"y".repeat(195)}${secrets[0]}`].flatMap((body) =>
    [200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503, 504].map(
      (status) => [status, body] as const,
    ),
  );

  it.each(answers)("no answer of status %i that echoes it shows it", async (status, body) => {
    const kestra = new SimulatedKestra({
      flows: [{ id: "greet" }],
      faults: () => ({
        kind: "answer",
        status,
        body,
        headers: { location: `http://u:${secrets[0]}@x/` },
      }),
    });
    const { arena, shown } = setUp(kestra);
    const calls = [
      arena.start(greet, { who: "Ada" }),
      arena.start(greet, { who: "Ada" }, { key: "k" }),
      arena.kestra.executions.get("x"),
      arena.executions.get(greet, "x").cancel({ timeoutMs: 500 }),
      arena.executions.get(greet, "x").result({ timeoutMs: 500 }),
      arena.kestra.executions.file("x", "kestra:///f"),
    ];
    const errors = calls.map((call) =>
      call.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expectNothing(...(await runVirtually(Promise.all(errors))), ...shown());
  });

  it("no broken connection that names it shows it", async () => {
    const kestra = new SimulatedKestra();
    const { arena, shown } = setUp(kestra);
    kestra.fetch = () => Promise.reject(new Error("not this one"));
    const failing = new KestraArenaClient({
      ...options,
      url: options.url ?? kestra.url,
      retries: 0,
      fetch: async (input, init) => {
        const headers = JSON.stringify([...new Headers(init?.headers)]);
        throw new TypeError("fetch failed", { cause: new Error(`${input} ${headers} ${echo}`) });
      },
    });
    const error: unknown = await runVirtually(
      failing.kestra.executions.get("x").catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code: "connection" });
    expectNothing(error, ...shown(), arena);
  });

  it("no failure whose log holds it shows it", async () => {
    const kestra = new SimulatedKestra({
      flows: [{ id: "greet", life: succeedsAfter(50, "FAILED") }],
    });
    const { arena, shown } = setUp(kestra);
    const execution = await runVirtually(arena.start(greet, { who: "Ada" }));
    kestra.logs.set(execution.id, [
      { level: "WARN", message: `sent ${echo}` },
      { level: "ERROR", message: `${echo} was refused` },
    ]);
    const error: unknown = await runVirtually(
      execution.result().catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code: "execution_failed", taskId: "work" });
    const lines: unknown[] = [];
    const read = async () => {
      for await (const line of execution.logs()) lines.push(line);
    };
    await runVirtually(read());
    expect(lines).toHaveLength(2);
    expectNothing(error, lines, execution, ...shown());
  });

  it("no wait that ran out shows it, with its handle and its client behind it", async () => {
    const kestra = new SimulatedKestra({
      flows: [{ id: "greet", life: [{ state: "HIBERNATING", atMs: 5 }] }],
      faults: ({ route }) =>
        route === "get" ? { kind: "answer", status: 500, body: problem } : undefined,
    });
    const { arena, shown } = setUp(kestra);
    const execution = await runVirtually(arena.start(greet, { who: "Ada" }));
    const error: unknown = await runVirtually(
      execution.result({ timeoutMs: 60_000 }).catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code: "wait_timeout" });
    expectNothing(error, Reflect.get(error as object, "handle"), ...shown());
  });

  it("no refusal of bad options or inputs shows it", async () => {
    const { arena, shown } = setUp(new SimulatedKestra());
    const thrown: unknown[] = [];
    for (const bad of [{ line: "3" }, { tickMs: -1 }, { nope: 1 }, { namespace: "%" }]) {
      try {
        new KestraArenaClient({ ...options, ...bad } as KestraArenaOptions);
      } catch (error) {
        thrown.push(error);
      }
    }
    expect(thrown).toHaveLength(4);
    const input: unknown = await arena.start(greet, { who: "" }).catch((error: unknown) => error);
    expectNothing(...thrown, input, ...shown());
  });
});
