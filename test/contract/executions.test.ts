import { describe, expect, it } from "vitest";
import { decodeFrame } from "../../src/kestra/follow.ts";
import type { KestraExecution } from "../../src/kestra/schemas.ts";
import { recordedLines, recordingOf, recordingsOf, replay } from "../support/recordings.ts";

const namespace = "ai-arena.recording";

describe.each(recordedLines)("Executions on $version", ({ line }) => {
  const api = (name: string) => replay(line, name).executions;
  const answered = (name: string) => recordingOf(line, name).response.json as KestraExecution;
  const idIn = (name: string) =>
    recordingOf(line, name).request.path.split("/")[5]?.split("?")[0] ?? "";

  it("are created with labels and text parts", async () => {
    const execution = await api("execution-create").create(namespace, "child", {
      inputs: { who: "Ada", mode: "quick" },
      labels: { "arena.request": "abc-123", suite: "recording" },
    });
    const { id, state, labels, flowRevision } = answered("execution-create");
    expect(execution).toMatchObject({ id, namespace, flowId: "child", flowRevision, labels });
    expect(execution.state.current).toBe(state.current);
  });

  it("are created without a body where there are no inputs", async () => {
    const execution = await api("execution-create-no-body").create(namespace, "sched");
    expect(execution.id).toBe(answered("execution-create-no-body").id);
  });

  it("are scheduled by an instant with its zone", async () => {
    const name = "execution-create-scheduled";
    const sent = new URL(recordingOf(line, name).request.path, "http://kestra.test");
    const scheduleAt = new Date(sent.searchParams.get("scheduleDate") ?? "");
    const iso = scheduleAt.toISOString;
    // The recording was sent without milliseconds.
    scheduleAt.toISOString = () => iso.call(scheduleAt).replace(".000Z", "Z");
    const execution = await api(name).create(namespace, "child", {
      inputs: { who: "later" },
      scheduleAt,
    });
    expect(execution.state.current).toBe("CREATED");
  });

  it("have their inputs checked without being started", async () => {
    const checked = await api("execution-inputs-validate").validateInputs(namespace, "typed", {
      name: "n",
      count: "11",
    });
    expect(checked.find(({ input }) => input === "count")?.errors).toEqual([
      "Invalid value for input `count`. Cause: it must be less than `10`",
    ]);
    expect(checked.find(({ input }) => input === "name")?.errors).toEqual([]);
  });

  const readings = [...recordingsOf(line).keys()].filter(
    (name) => name.startsWith("execution-get") && !name.endsWith("unknown"),
  );
  it.each(readings)("are read: %s", async (name) => {
    const execution = await api(name).get(idIn(name));
    const { id, state, labels } = answered(name);
    expect(execution).toMatchObject({ id, labels });
    expect(execution.state).toEqual({
      current: state.current,
      startDate: state.startDate,
      histories: state.histories,
      ...(state.endDate !== undefined && { endDate: state.endDate }),
    });
  });

  it.each([
    ["execution-search-by-label", { labels: { "arena.request": "abc-123" } }, {}],
    ["execution-search-by-flow", { namespace, flowId: "child" }, { size: 2 }],
    ["execution-search-by-state-in", { namespace, states: ["SUCCESS", "FAILED"] }, { size: 1 }],
    ["execution-search-page-out-of-range", { namespace }, { page: 99, size: 10 }],
    ["execution-children-of-loop", { namespace, flowId: "child", level: "child" }, { size: 5 }],
  ] as const)("are found: %s", async (name, filter, page) => {
    const found = await api(name).search(filter, page);
    const { results, total } = recordingOf(line, name).response.json as {
      results: KestraExecution[];
      total: number;
    };
    expect(found.total).toBe(total);
    expect(found.results.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
  });

  it.each(["execution-search-children-by-trigger", "execution-search-killed-children"])(
    "are found by who started them: %s",
    async (name) => {
      const path = new URL(recordingOf(line, name).request.path, "http://kestra.test");
      const id = path.searchParams.get("filters[triggerExecutionId][EQUALS]") ?? "";
      const { results } = await api(name).search({ triggerExecutionId: id });
      expect(results.map(({ triggerExecutionId }) => triggerExecutionId)).toEqual(
        results.map(() => id),
      );
      expect(results.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ["execution-follow-finished", "SUCCESS"],
    ["execution-follow-running", "SUCCESS"],
    ["execution-follow-retrying", "FAILED"],
  ])("are followed to their end: %s", async (name, last) => {
    const frames = [];
    const { signal } = new AbortController();
    for await (const frame of api(name).follow(idIn(name), signal)) frames.push(frame);
    expect(frames[0]?.kind).toBe("start");
    expect(frames.at(-1)?.kind).toBe("end");
    const states = frames.map((frame) => decodeFrame(frame)?.state.current);
    expect(states.at(-1)).toBe(last);
    expect(states.slice(1)).not.toContain(undefined);
  });

  it("that do not exist have a stream that starts and breaks", async () => {
    const name = "execution-follow-unknown";
    const kinds: string[] = [];
    const { signal } = new AbortController();
    const reading = (async () => {
      for await (const { kind } of api(name).follow(idIn(name), signal)) kinds.push(kind);
    })();
    await expect(reading).rejects.toMatchObject({ code: "connection" });
    expect(kinds).toEqual(["start"]);
  });

  it("have outputs", async () => {
    const name = line === "2" ? "execution-outputs" : "execution-get";
    const id = line === "2" ? idIn("execution-get") : idIn(name);
    expect(await api(name).outputs(id)).toEqual({ greeting: "hello Ada" });
  });

  it.each([
    "execution-kill",
    "execution-kill-again",
    "execution-kill-scheduled",
    "execution-kill-parent",
  ])("are killed: %s", async (name) => {
    await expect(api(name).act(idIn(name), "kill")).resolves.toBeUndefined();
  });

  it("are paused, and go on with inputs", async () => {
    await api("execution-pause").act(idIn("execution-pause"), "pause");
    await api("execution-resume").act(idIn("execution-resume"), "resume", { inputs: { x: "1" } });
  });

  it("are restarted under their id", async () => {
    const name = "execution-restart-failed";
    const execution = await api(name).restart(idIn(name));
    expect(execution.id).toBe(idIn(name));
    expect(execution.state.current).toBe("RESTARTED");
  });

  it("are replayed under another id", async () => {
    const name = "execution-replay";
    const execution = await api(name).replay(idIn(name));
    expect(execution.id).not.toBe(idIn(name));
    expect(execution.parentId).toBe(idIn(name));
  });

  it("have their labels replaced", async () => {
    const name = "execution-labels";
    const { body } = recordingOf(line, name).request;
    await expect(
      api(name).act(idIn(name), "labels", { json: JSON.parse(body ?? "") }),
    ).resolves.toBeUndefined();
  });

  it("have files", async () => {
    const name = "execution-file-download";
    const path = new URL(recordingOf(line, name).request.path, "http://kestra.test");
    const uri = path.searchParams.get("path") ?? "";
    expect(await (await api(name).file(idIn(name), uri)).text()).toBe('{"messages":[]}\n');
    expect(await api(name).readFile(idIn(name), uri)).toBe('{"messages":[]}\n');
  });

  it.each([
    ["execution-logs", {}, 1],
    ["execution-logs-failed", {}, 2],
  ])("have a log: %s", async (name, filter, count) => {
    const entries = await replay(line, name).logs.get(idIn(name), filter);
    expect(entries).toHaveLength(count);
    expect(entries[0]).toMatchObject({ executionId: idIn(name), level: expect.any(String) });
  });

  it("have a log that is filtered in the line's own way", async () => {
    const name = "logs-filtered";
    const entries = await replay(line, name).logs.get(idIn(name), { minLevel: "ERROR" });
    expect(entries.map(({ level }) => level)).toEqual(["ERROR"]);
  });
});
