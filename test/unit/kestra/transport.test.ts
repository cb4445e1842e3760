import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ArenaWarning,
  KestraArenaClient,
  type KestraArenaOptions,
} from "../../../src/index.ts";
import { recordingTracer } from "../../support/recording-tracer.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

type Answer = Response | Error;

const found = () =>
  Response.json({ id: "x", namespace: "n", flowId: "f", state: { current: "RUNNING" } });
const refused = (status: number, headers: Record<string, string> = {}) =>
  new Response("busy", { status, headers });

/** A client of a server that gives these answers, one after the other, and the last for ever. */
function clientOf(answers: (() => Answer | Promise<Answer>)[], options: KestraArenaOptions = {}) {
  const sent: { at: number; method: string; headers: Headers }[] = [];
  const warnings: ArenaWarning[] = [];
  const begin = Date.now();
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    line: "2",
    onWarning: (warning) => warnings.push(warning),
    fetch: async (_input, init = {}) => {
      init.signal?.throwIfAborted();
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      const { method = "GET", headers } = init;
      sent.push({ at: Date.now() - begin, method, headers: new Headers(headers) });
      const given = await answer?.();
      if (given instanceof Response) return given;
      if (given !== undefined) throw given;
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
      });
    },
    ...options,
  });
  return { client, sent, warnings, get: () => runVirtually(client.kestra.executions.get("x")) };
}

const nothing = () => new Promise<never>(() => {});
const broken = () =>
  new TypeError("fetch failed", {
    cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
  });

describe("A read", () => {
  it.each([408, 429, 500, 502, 503, 504])("that is answered %i is tried again", async (status) => {
    const { get, sent } = clientOf([() => refused(status), found]);
    expect((await get()).id).toBe("x");
    expect(sent).toHaveLength(2);
  });

  it("whose connection breaks is tried again, three times as the default is", async () => {
    const { get, sent } = clientOf([broken]);
    await expect(get()).rejects.toMatchObject({ code: "connection" });
    expect(sent).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("whose body breaks off is tried again", async () => {
    const cut = () =>
      new Response('{"id":"x","name', { headers: { "content-type": "application/json" } });
    const { get, sent } = clientOf([cut, found]);
    expect((await get()).id).toBe("x");
    expect(sent).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 409, 422])(
    "that is answered %i is not tried again",
    async (status) => {
      const { get, sent } = clientOf([() => refused(status)]);
      await expect(get()).rejects.toMatchObject({ status });
      expect(sent).toHaveLength(1);
    },
  );

  it.each([
    ["2", 2_000],
    [new Date(Date.UTC(2026, 0, 1) + 3_000).toUTCString(), 2_900],
  ])("waits as long as Retry-After says: %s", async (header, atLeastMs) => {
    const { get, sent } = clientOf([() => refused(429, { "retry-after": header }), found]);
    await get();
    expect(sent[1]?.at).toBeGreaterThanOrEqual(atLeastMs);
  });

  it("does not wait for what would come after its deadline, but says what was answered", async () => {
    const { get, sent } = clientOf([() => refused(503, { "retry-after": "3600" })]);
    await expect(get()).rejects.toMatchObject({ status: 503, retryAfterMs: 3_600_000 });
    expect(sent).toHaveLength(1);
  });

  it("waits longer each time, and never the same time as others", async () => {
    const pauses = await Promise.all(
      [1, 2].map(async () => {
        const { get, sent } = clientOf([broken]);
        await get().catch(() => {});
        return sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
      }),
    );
    for (const [first = 0, second = 0, third = 0] of pauses) {
      expect(first).toBeLessThanOrEqual(500);
      expect(second).toBeLessThanOrEqual(1_000);
      expect(third).toBeLessThanOrEqual(2_000);
      expect(third).toBeGreaterThan(first);
    }
    expect(pauses[0]).not.toEqual(pauses[1]);
  });

  it("has one deadline for all its tries", async () => {
    const { get, sent } = clientOf([broken, nothing], { requestTimeoutMs: 5_000 });
    const startedAt = Date.now();
    await expect(get()).rejects.toThrow("No answer from Kestra within 5000 ms");
    expect(Date.now() - startedAt).toBe(5_000);
    expect(sent).toHaveLength(2);
  });

  it("says in its time-out what the last try came to", async () => {
    const { get } = clientOf([() => refused(500), nothing], { requestTimeoutMs: 5_000 });
    await expect(get()).rejects.toThrow("The last try: Kestra answered 500");
  });

  it("does not follow a redirect, and says where it leads", async () => {
    const { get } = clientOf([() => refused(302, { location: "https://login.test/" })]);
    await expect(get()).rejects.toThrow("it sends on to https://login.test/");
  });

  it("that is answered by a page says that this is not Kestra", async () => {
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    const { get, sent } = clientOf([page]);
    await expect(get()).rejects.toThrow("Check that KESTRA_URL points at Kestra");
    expect(sent).toHaveLength(1);
  });

  it("gives up an error's body that never ends", async () => {
    const endless = () => new Response(new ReadableStream({}), { status: 403 });
    const { get } = clientOf([endless]);
    await expect(get()).rejects.toMatchObject({ status: 403 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("A call that is no read", () => {
  it.each([500, 503])("is sent once, though it is answered %i", async (status) => {
    const { client, sent } = clientOf([() => refused(status)]);
    const kill = client.kestra.executions.act("x", "kill");
    await expect(runVirtually(kill)).rejects.toMatchObject({ status });
    expect(sent).toHaveLength(1);
  });
});

describe("A request", () => {
  it("says who sends it, and the caller's own headers", async () => {
    const { get, sent } = clientOf([found], { headers: { "x-team": "red" } });
    await get();
    const { default: manifest } = await import("../../../package.json", { with: { type: "json" } });
    expect(sent[0]?.headers.get("user-agent")).toBe(`kestra-arena/${manifest.version}`);
    expect(sent[0]?.headers.get("x-team")).toBe("red");
  });

  it.each([
    [{ auth: { username: "ada", password: "secret" } }, `Basic ${btoa("ada:secret")}`],
    [{ auth: { apiToken: "token" } }, "Bearer token"],
    [{ url: "http://ada:secret@kestra.test/" }, `Basic ${btoa("ada:secret")}`],
    [{}, null],
  ])("carries the credentials that it was given", async (options, header) => {
    const { get, sent } = clientOf([found], options);
    await get();
    expect(sent[0]?.headers.get("authorization")).toBe(header);
  });
});

describe("Hooks", () => {
  it("are told of each try", async () => {
    const told: unknown[] = [];
    const { get } = clientOf([() => refused(500), broken, found], {
      hooks: {
        onRequest: ({ attempt, method, url }) => told.push({ attempt, method, url }),
        onResponse: ({ attempt, status }) => told.push({ attempt, status }),
        onError: ({ attempt, message }) => told.push({ attempt, message }),
      },
    });
    await get();
    const url = "http://kestra.test/api/v1/main/executions/x";
    const request = (attempt: number) => ({ attempt, method: "GET", url });
    expect(told).toEqual([
      request(1),
      { attempt: 1, status: 500 },
      request(2),
      { attempt: 2, message: expect.stringContaining("ECONNRESET") },
      request(3),
      { attempt: 3, status: 200 },
    ]);
  });

  it("that throw break nothing, and are told of", async () => {
    const fail = () => {
      throw new Error("mine");
    };
    const { get, warnings } = clientOf([found], { hooks: { onRequest: fail, onResponse: fail } });
    expect((await get()).id).toBe("x");
    expect(warnings.map(({ code }) => code)).toEqual(["hook_failed", "hook_failed"]);
  });
});

describe("A span", () => {
  it("covers a call with all its tries", async () => {
    const { tracer, spans } = recordingTracer();
    const { get } = clientOf([() => refused(500), found], { tracer });
    await get();
    expect(spans).toEqual([
      {
        name: "kestra GET",
        attributes: {
          "http.request.method": "GET",
          "url.full": "http://kestra.test/api/v1/main/executions/x",
          "http.response.status_code": 200,
        },
        status: undefined,
        isEnded: true,
      },
    ]);
  });

  it("says how its call failed", async () => {
    const { tracer, spans } = recordingTracer();
    const { get } = clientOf([() => refused(404)], { tracer });
    await get().catch(() => {});
    expect(spans[0]?.status).toMatchObject({ code: 2 });
    expect(spans[0]?.attributes).toMatchObject({
      "error.type": "not_found",
      "http.response.status_code": 404,
    });
    expect(spans[0]?.isEnded).toBe(true);
  });
});

describe("The server's version", () => {
  const configs = (version: string) => () => Response.json({ version });

  it("is asked for once, by however many calls", async () => {
    const { client, sent } = clientOf([configs("2.0.8")], { line: undefined });
    const asked = Promise.all([client.kestra.line(), client.kestra.line(), client.kestra.server()]);
    expect(await runVirtually(asked)).toEqual([
      "2",
      "2",
      { line: "2", version: "2.0.8", isSupported: true },
    ]);
    expect(sent).toHaveLength(1);
  });

  it("is asked for again after it could not be told", async () => {
    const { client, sent } = clientOf([() => refused(401), configs("1.3.31")], { line: undefined });
    await expect(runVirtually(client.kestra.line())).rejects.toMatchObject({ status: 401 });
    expect(await runVirtually(client.kestra.line())).toBe("1.3");
    expect(sent).toHaveLength(2);
  });

  it("that is not known is warned of once", async () => {
    const { client, warnings } = clientOf([configs("3.1.0")], { line: undefined });
    expect(await runVirtually(client.kestra.line())).toBe("2");
    await runVirtually(client.kestra.line());
    expect(warnings).toMatchObject([{ code: "unsupported_version" }]);
  });

  it("goes on to be asked for though one of those who wait gives up", async () => {
    const { client, sent } = clientOf([configs("2.0.8")], { line: undefined });
    const abort = new AbortController();
    const given = client.kestra.line(abort.signal);
    const other = client.kestra.line();
    abort.abort(new Error("enough"));
    await expect(runVirtually(given)).rejects.toThrow("enough");
    expect(await runVirtually(other)).toBe("2");
    expect(sent).toHaveLength(1);
  });
});
