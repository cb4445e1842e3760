import { describe, expect, it } from "vitest";
import { sleep, startDeadline, waitFor } from "../../../src/kestra/deadline.ts";
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
