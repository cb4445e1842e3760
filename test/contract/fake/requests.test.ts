import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { neverEnds, succeedsAfter } from "../../../src/testing/server/life.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { type Recording, recordedLines, recordingOf } from "../../support/recordings.ts";
import { passVirtually, runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const greeting = ({ who }: Record<string, unknown>) => ({ greeting: `hello ${who}` });

/** Keys that only say more of the same: the simulated server may leave them out, but has no others. */
const known = new Set(["taskRunList", "inputs", "outputs", "metadata", "url", "scheduleDate"]);

describe.each(recordedLines)(
  "The simulated server, held to what $version answered,",
  ({ line }) => {
    function server() {
      return new SimulatedKestra({
        line,
        flows: [
          { id: "child", required: ["who"], life: succeedsAfter(200), outputs: greeting },
          { id: "slow", life: neverEnds },
          { id: "broken", life: succeedsAfter(100, "FAILED") },
          { id: "disabledflow", isDisabled: true },
        ],
      });
    }

    /** Sends what was recorded, for another execution where the path names one. */
    async function send(kestra: SimulatedKestra, name: string, id?: string) {
      const { request } = recordingOf(line, name);
      const recordedId = request.path.split("/")[5]?.split("?")[0] ?? "";
      const path = id === undefined ? request.path : request.path.replace(recordedId, id);
      const boundary = "b";
      const form = request.form
        ?.map(
          ([key, value]) =>
            `--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
        )
        .join("");
      const body = form === undefined ? request.body : `${form}--${boundary}--\r\n`;
      return runVirtually(
        kestra.fetch(`${kestra.url}${path}`, {
          method: request.method,
          ...(body !== null && { body }),
        }),
      );
    }

    /** Compares status, type and keys. */
    async function expectLike(answer: Response, { response }: Recording) {
      expect(answer.status).toBe(response.status);
      const type = response.headers["content-type"];
      if (type !== undefined) expect(answer.headers.get("content-type")).toBe(type);
      const text = await answer.text();
      if (response.json === undefined) return text;
      expectKeys(JSON.parse(text), response.json);
      return JSON.parse(text);
    }

    function expectKeys(value: unknown, recorded: unknown) {
      const keys = Object.keys(value as object);
      const expected = Object.keys(recorded as object);
      expect(expected, "the recording has no such key").toEqual(expect.arrayContaining(keys));
      const missing = expected.filter((key) => !keys.includes(key) && !known.has(key));
      expect(missing, "the simulation lacks a key").toEqual([]);
    }

    const start = async (kestra: SimulatedKestra, name: string) => {
      const answer = await send(kestra, name);
      return (await expectLike(answer, recordingOf(line, name))) as {
        id: string;
        labels: unknown[];
      };
    };

    it("starts an execution, and shows it as it is and in a search", async () => {
      const kestra = server();
      const { id, labels } = await start(kestra, "execution-create");
      expect(labels).toContainEqual({ key: "arena.request", value: "abc-123" });
      await passVirtually(1_000);
      const get = await send(kestra, "execution-get", id);
      const execution = await expectLike(get, recordingOf(line, "execution-get"));
      const recorded = recordingOf(line, "execution-get").response.json as typeof execution;
      expectKeys(execution.state, recorded.state);
      const search = await send(kestra, "execution-search-by-label");
      const page = await expectLike(search, recordingOf(line, "execution-search-by-label"));
      expect(page.total).toBe(1);
      const row = recordingOf(line, "execution-search-by-label").response.json as typeof page;
      expectKeys(page.results[0], row.results[0]);
    });

    it.each([
      "execution-create-missing-input",
      "execution-create-unknown-flow",
      "execution-create-disabled-flow",
      "execution-get-unknown",
      "execution-kill-unknown",
      "execution-search-bad-filter",
      "execution-search-page-out-of-range",
    ])("refuses as the server did: %s", async (name) => {
      const answer = await send(server(), name);
      const body = await expectLike(answer, recordingOf(line, name));
      const recorded = recordingOf(line, name).response.json as Record<string, unknown>;
      if (name === "execution-search-bad-filter") return;
      for (const key of ["message", "detail", "type", "title", "total"]) {
        expect(body[key]).toEqual(recorded[key]);
      }
    });

    it("follows a running execution to its end with the same kinds of frames", async () => {
      const kestra = server();
      const { id } = await start(kestra, "execution-create");
      const stream = await send(kestra, "execution-follow-running", id);
      expect(stream.headers.get("content-type")).toBe("text/event-stream");
      const kinds = [...(await runVirtually(stream.text())).matchAll(/^id: (\w+)$/gm)].map(
        ([, kind]) => kind,
      );
      const recorded = recordingOf(line, "execution-follow-running").response.text ?? "";
      const recordedKinds = [...recorded.matchAll(/^id: (\w+)$/gm)].map(([, kind]) => kind);
      expect(new Set(kinds)).toEqual(new Set(recordedKinds));
      expect([kinds[0], kinds.at(-1)]).toEqual(["start", "end"]);
      const finished = await send(kestra, "execution-follow-finished", id);
      const frames = [...(await runVirtually(finished.text())).matchAll(/^id: (\w+)$/gm)];
      expect(frames.map(([, kind]) => kind)).toEqual(["start", "end"]);
    });

    it("kills, and again without an error", async () => {
      const kestra = server();
      const { id } = await start(kestra, "execution-create-slow");
      await passVirtually(100);
      for (const name of ["execution-kill", "execution-kill-again"]) {
        await expectLike(await send(kestra, name, id), recordingOf(line, name));
        await passVirtually(100);
      }
      expect(kestra.store.find(id, kestra.now())?.stateAt(kestra.now())).toBe("KILLED");
    });

    it("restarts and replays", async () => {
      const kestra = server();
      const failed = await runVirtually(
        kestra.fetch(`${kestra.url}/api/v1/main/executions/ai-arena.recording/broken`, {
          method: "POST",
        }),
      );
      const { id } = (await failed.json()) as { id: string };
      await passVirtually(1_000);
      const restarted = await send(kestra, "execution-restart-failed", id);
      const body = await expectLike(restarted, recordingOf(line, "execution-restart-failed"));
      expect(body.state.current).toBe("RESTARTED");
      const replayed = await send(kestra, "execution-replay", id);
      expect(await expectLike(replayed, recordingOf(line, "execution-replay"))).toMatchObject({
        parentId: id,
      });
    });

    it("has outputs where the line has them", async () => {
      const kestra = server();
      const { id } = await start(kestra, "execution-create");
      await passVirtually(1_000);
      const name = line === "2" ? "execution-outputs" : "execution-get";
      const recordedId = recordingOf(line, "execution-get").request.path.split("/")[5] ?? "";
      const path = recordingOf(line, name).request.path.replace(recordedId, id);
      const answer = await runVirtually(kestra.fetch(`${kestra.url}${path}`));
      const body = (await answer.json()) as { outputs?: unknown };
      expect(line === "2" ? body : body.outputs).toEqual({ greeting: "hello Ada" });
    });
  },
);
