import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordingTracer } from "../../support/recording-tracer.ts";
import { found, nothing, refused, scriptedClient } from "../../support/scripted-client.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const broken = () =>
  new TypeError("fetch failed", {
    cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
  });

describe("A read", () => {
  it.each([408, 429, 500, 502, 503, 504])("that is answered %i is tried again", async (status) => {
    const { get, sent } = scriptedClient([() => refused(status), found]);
    expect((await get()).id).toBe("x");
    expect(sent).toHaveLength(2);
  });

  it("whose connection breaks is tried again, three times as the default is", async () => {
    const { get, sent } = scriptedClient([broken]);
    await expect(get()).rejects.toMatchObject({ code: "connection" });
    expect(sent).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("whose body breaks off is tried again", async () => {
    const cut = () =>
      new Response('{"id":"x","name', { headers: { "content-type": "application/json" } });
    const { get, sent } = scriptedClient([cut, found]);
    expect((await get()).id).toBe("x");
    expect(sent).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 409, 422])(
    "that is answered %i is not tried again",
    async (status) => {
      const { get, sent } = scriptedClient([() => refused(status)]);
      await expect(get()).rejects.toMatchObject({ status });
      expect(sent).toHaveLength(1);
    },
  );

  it.each([
    ["2", 2_000],
    [new Date(Date.UTC(2026, 0, 1) + 3_000).toUTCString(), 2_900],
  ])("waits as long as Retry-After says: %s", async (header, atLeastMs) => {
    const { get, sent } = scriptedClient([() => refused(429, { "retry-after": header }), found]);
    await get();
    expect(sent[1]?.at).toBeGreaterThanOrEqual(atLeastMs);
  });

  it("waits as it would without a Retry-After that says nothing", async () => {
    const { get, sent } = scriptedClient([() => refused(429, { "retry-after": "soon" }), found]);
    await get();
    expect(sent[1]?.at).toBeLessThanOrEqual(500);
  });

  it("does not wait for what would come after its deadline, but says what was answered", async () => {
    const { get, sent } = scriptedClient([() => refused(503, { "retry-after": "3600" })]);
    await expect(get()).rejects.toMatchObject({ status: 503, retryAfterMs: 3_600_000 });
    expect(sent).toHaveLength(1);
  });

  it("waits longer each time, and never the same time as others", async () => {
    const pauses = await Promise.all(
      [1, 2].map(async () => {
        const { get, sent } = scriptedClient([broken]);
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
    const { get, sent } = scriptedClient([broken, nothing], { requestTimeoutMs: 5_000 });
    const startedAt = Date.now();
    await expect(get()).rejects.toThrow("No answer from Kestra within 5000 ms");
    expect(Date.now() - startedAt).toBe(5_000);
    expect(sent).toHaveLength(2);
  });

  it("says in its time-out what the last try came to", async () => {
    const { get } = scriptedClient([() => refused(500), nothing], { requestTimeoutMs: 5_000 });
    await expect(get()).rejects.toThrow("The last try: Kestra answered 500");
  });

  it("does not follow a redirect, and says where it leads", async () => {
    const { get } = scriptedClient([() => refused(302, { location: "https://login.test/" })]);
    await expect(get()).rejects.toThrow("it sends on to https://login.test/");
    const { get: getAstray } = scriptedClient([() => refused(307)]);
    await expect(getAstray()).rejects.toThrow("it sends on to nowhere");
  });

  it.each([
    ["a text", "no route", ": no route. Check KESTRA_URL"],
    ["an error without a word", new Error(""), ": failed. Check KESTRA_URL"],
    ["an error caused by no error", new Error("odd", { cause: "x" }), ": odd. Check KESTRA_URL"],
  ])("says what it can where fetch throws %s", async (_what, thrown, words) => {
    const { get } = scriptedClient([() => thrown], { retries: 0 });
    const error: unknown = await get().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "connection" });
    expect(String(error)).toContain(words);
  });

  it("that is answered by a page says that this is not Kestra", async () => {
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    const { get, sent } = scriptedClient([page]);
    await expect(get()).rejects.toThrow("Check that KESTRA_URL points at Kestra");
    expect(sent).toHaveLength(1);
  });

  it("that is answered by other JSON says what does not fit, and where", async () => {
    const { get } = scriptedClient([() => Response.json({ id: "x", namespace: 7 })]);
    await expect(get()).rejects.toThrow(/Kestra's API gives \(namespace: .*string.*\)/);
  });

  it("gives up an error's body that never ends", async () => {
    const endless = () => new Response(new ReadableStream({}), { status: 403 });
    const { get } = scriptedClient([endless]);
    await expect(get()).rejects.toMatchObject({ status: 403 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("A call that is no read", () => {
  it.each([500, 503])("is sent once, though it is answered %i", async (status) => {
    const { client, sent } = scriptedClient([() => refused(status)]);
    const kill = client.kestra.executions.act("x", "kill");
    await expect(runVirtually(kill)).rejects.toMatchObject({ status });
    expect(sent).toHaveLength(1);
  });
});

describe("A request", () => {
  it("says who sends it, and the caller's own headers", async () => {
    const { get, sent } = scriptedClient([found], { headers: { "x-team": "red" } });
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
    const { get, sent } = scriptedClient([found], options);
    await get();
    expect(sent[0]?.headers.get("authorization")).toBe(header);
  });
});

describe("Hooks", () => {
  it("are told of each try", async () => {
    const told: unknown[] = [];
    const { get } = scriptedClient([() => refused(500), broken, found], {
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
    const { get, warnings } = scriptedClient([found], {
      hooks: { onRequest: fail, onResponse: fail },
    });
    expect((await get()).id).toBe("x");
    expect(warnings.map(({ code }) => code)).toEqual(["hook_failed", "hook_failed"]);
  });
});

describe("A span", () => {
  it("covers a call with all its tries", async () => {
    const { tracer, spans } = recordingTracer();
    const { get } = scriptedClient([() => refused(500), found], { tracer });
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
    const { get } = scriptedClient([() => refused(404)], { tracer });
    await get().catch(() => {});
    expect(spans[0]?.status).toMatchObject({ code: 2 });
    expect(spans[0]?.attributes).toMatchObject({
      "error.type": "not_found",
      "http.response.status_code": 404,
    });
    expect(spans[0]?.isEnded).toBe(true);
  });

  it("has no status of an answer that never came", async () => {
    const { tracer, spans } = recordingTracer();
    const { get } = scriptedClient([broken], { tracer, retries: 0 });
    await get().catch(() => {});
    expect(spans[0]?.attributes).toMatchObject({ "error.type": "connection" });
    expect(spans[0]?.attributes).not.toHaveProperty("http.response.status_code");
  });
});
