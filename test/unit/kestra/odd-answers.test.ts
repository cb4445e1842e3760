import { describe, expect, it } from "vitest";
import { sleep, startDeadline, waitFor } from "../../../src/kestra/deadline.ts";
import { decodeFrame, type FollowFrame } from "../../../src/kestra/follow.ts";
import type { KestraApi } from "../../../src/kestra/index.ts";
import { apiWith, recordedLines } from "../../support/recordings.ts";

const answering = (line: "1.3" | "2", answer: () => Response): KestraApi =>
  apiWith(line, "main", async () => answer());

describe.each(recordedLines)("An odd answer of $version", ({ line }) => {
  const of = (value: unknown, status = 200) =>
    answering(line, () => Response.json(value, { status }));

  it("is no value where a key has expired, and an error where it is something else", async () => {
    expect(await of({}, 410).kv.get("a", "b")).toBeUndefined();
    await expect(of({}, 403).kv.get("a", "b")).rejects.toMatchObject({ code: "authentication" });
    await expect(of({}, 500).kv.get("a", "b")).rejects.toMatchObject({ code: "kestra" });
  });

  it("leaves out triggers that do not say which they are", async () => {
    const row = (context: unknown) => ({ state: context, triggerContext: context, trigger: 1 });
    const names = { namespace: "a", flowId: "b" };
    const results = [
      row(names),
      row({ flowId: "b" }),
      row(null),
      row({ ...names, triggerId: "c" }),
    ];
    const found = await of({ results, total: 4 }).triggers.list({ namespace: "a" });
    expect(found).toMatchObject([{ ...names, triggerId: "c", disabled: false }]);
  });

  it("has no outputs, no message and no errors where Kestra leaves them out", async () => {
    const execution = { id: "x", namespace: "a", flowId: "b", state: { current: "SUCCESS" } };
    const api = line === "2" ? of({}, 404) : of(execution);
    expect(await api.executions.outputs("x")).toEqual({});
    const entry = { timestamp: "2026-01-01T00:00:00Z", level: "INFO", message: null };
    expect(await of([entry]).logs.get("x")).toMatchObject([{ message: "" }]);
    const inputs = { inputs: [{ input: { id: "a" }, errors: null }] };
    expect(await of(inputs).executions.validateInputs("a", "b", {})).toEqual([
      { input: "a", errors: [] },
    ]);
    expect(await of([]).flows.validate("id: a")).toMatchObject({ warnings: [] });
  });

  it("is told of by its type, or by having none", async () => {
    const page = answering(line, () => new Response(new Uint8Array([60])));
    await expect(page.executions.get("x")).rejects.toThrow("no content type");
    const follow = async () => {
      for await (const _frame of page.executions.follow("x", new AbortController().signal));
    };
    await expect(follow()).rejects.toThrow("no content type");
  });
});

describe("A file as an input", () => {
  it("keeps its name, and gets that of its input where it has none", async () => {
    const sent: File[] = [];
    const api = apiWith("2", "main", async (_url, init) => {
      const form = init?.body as FormData;
      for (const [, part] of form) if (part instanceof File) sent.push(part);
      return Response.json({ id: "x", namespace: "a", flowId: "b", state: { current: "CREATED" } });
    });
    const inputs = { one: new File(["a"], "named.txt"), two: new Blob(["b"]), three: "text" };
    await api.executions.create("a", "b", { inputs });
    expect(sent.map(({ name }) => name)).toEqual(["named.txt", "two"]);
  });
});

describe("A signal that was aborted before", () => {
  const signal = AbortSignal.abort(new Error("before"));

  it("ends whatever waits for it at once", async () => {
    await expect(sleep(1_000, signal)).rejects.toThrow("before");
    await expect(waitFor(new Promise(() => {}), signal)).rejects.toThrow("before");
    const deadline = startDeadline(1_000, signal);
    let calls = 0;
    deadline.onAbort(() => {
      calls += 1;
    });
    expect([calls, deadline.signal.aborted, deadline.hasExpired]).toEqual([1, true, false]);
    deadline.clear();
  });
});

describe("An answer without a body", () => {
  const bodiless = (headers: Record<string, string> = {}) =>
    answering("2", () => new Response(null, { headers }));

  it("is an empty file, and a stream that ends at once", async () => {
    const { executions } = bodiless({ "content-type": "text/event-stream" });
    expect(await (await executions.file("x", "kestra:///f")).text()).toBe("");
    const frames: unknown[] = [];
    const { signal } = new AbortController();
    for await (const frame of executions.follow("x", signal)) frames.push(frame);
    expect(frames).toEqual([]);
  });
});

describe("The second page", () => {
  it("of triggers is read where the first does not hold them all", async () => {
    const pages: (string | null)[] = [];
    const api = apiWith("2", "main", async (input) => {
      const page = new URL(String(input)).searchParams.get("page");
      pages.push(page);
      const state = { namespace: "a", flowId: "b", triggerId: `of page ${page}` };
      return Response.json({ results: [{ state, trigger: {} }], total: 501 });
    });
    const found = await api.triggers.list({ namespace: "a" });
    expect(pages).toEqual(["1", "2"]);
    expect(found.map(({ triggerId }) => triggerId)).toEqual(["of page 1", "of page 2"]);
  });

  it("of flows is read by whoever asks for it: the first hundred are given", async () => {
    const asked: string[] = [];
    const api = apiWith("2", "main", async (input) => {
      asked.push(new URL(String(input)).search);
      return Response.json({ results: [], total: 0 });
    });
    await api.flows.search("a");
    await api.flows.search("a", { page: 2, size: 7 });
    expect(asked).toEqual([
      "?page=1&size=100&filters[namespace][EQUALS]=a",
      "?page=2&size=7&filters[namespace][EQUALS]=a",
    ]);
  });
});

describe("A frame of a stream", () => {
  const frame = (kind: FollowFrame["kind"], data: unknown) =>
    decodeFrame({ kind, data: JSON.stringify(data) });

  it("is no execution where it is a stub, of an unknown kind or something else", () => {
    const execution = { id: "x", namespace: "a", flowId: "b", state: { current: "RUNNING" } };
    expect(frame("progress", execution)).toMatchObject({ id: "x" });
    expect(frame("end", { id: "x" })).toBeUndefined();
    expect(frame("start", execution)).toBeUndefined();
    expect(frame("other", execution)).toBeUndefined();
  });

  it("keeps its kind only where that is known", async () => {
    const text = "id: end\ndata: 1\n\nid: resumed\ndata: 2\n\n";
    const api = answering("2", () => {
      return new Response(text, { headers: { "content-type": "text/event-stream" } });
    });
    const kinds: string[] = [];
    const { signal } = new AbortController();
    for await (const { kind } of api.executions.follow("x", signal)) kinds.push(kind);
    expect(kinds).toEqual(["end", "other"]);
  });
});
