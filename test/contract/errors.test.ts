import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  ConflictError,
  isArenaError,
  KestraError,
  NotFoundError,
} from "../../src/errors.ts";
import type { KestraApi } from "../../src/kestra/index.ts";
import { apiWith, recordedLines, recordingOf, replay, toResponse } from "../support/recordings.ts";

const namespace = "ai-arena.recording";
const unknown = "0000000000000000000000";

const create = (flowId: string, inputs?: Record<string, string>) => (api: KestraApi) =>
  api.executions.create(namespace, flowId, { inputs });

describe.each(recordedLines)("Errors of $version, in Kestra's own words", ({ line }) => {
  it.each([
    [
      "execution-create-missing-input",
      create("child", { mode: "quick" }),
      KestraError,
      "Missing required input:who",
    ],
    [
      "execution-create-bad-select",
      create("child", { who: "x", mode: "nope" }),
      KestraError,
      "it must match the values `[quick, standard]`",
    ],
    [
      "execution-create-unknown-flow",
      create("nope", { who: "x" }),
      NotFoundError,
      "Requested Flow is not found.",
    ],
    [
      "execution-create-typed-out-of-range",
      create("typed", { name: "n", count: "11" }),
      KestraError,
      "it must be less than `10`",
    ],
    [
      "execution-create-typed-not-a-number",
      create("typed", { name: "n", severity: "high" }),
      KestraError,
      "severity",
    ],
    [
      "execution-create-disabled-flow",
      create("disabledflow"),
      ConflictError,
      "Requested Flow is disabled.",
    ],
    [
      "execution-get-unknown",
      (api: KestraApi) => api.executions.get(unknown),
      NotFoundError,
      "ot found",
    ],
    [
      "execution-kill-unknown",
      (api: KestraApi) => api.executions.act(unknown, "kill"),
      NotFoundError,
      "ot found",
    ],
  ] as const)("%s", async (name, call, kind, words) => {
    const error: unknown = await call(replay(line, name)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(isArenaError(error)).toBe(true);
    expect((error as Error).message.toLowerCase()).toContain(words.toLowerCase());
  });

  it("say which file may not be read", async () => {
    const name = "execution-file-outside";
    const path = new URL(recordingOf(line, name).request.path, "http://kestra.test");
    const id = path.pathname.split("/")[5] ?? "";
    const reading = replay(line, name).executions.file(id, path.searchParams.get("path") ?? "");
    await expect(reading).rejects.toMatchObject({ code: "kestra", status: 422 });
    await expect(reading).rejects.toThrow("Invalid prefix path");
  });

  it("say which tenant there is", async () => {
    const { response } = recordingOf(line, "tenant-unknown");
    const api = apiWith(line, "other", async () => toResponse(response));
    await expect(api.executions.search({})).rejects.toThrow(
      "Tenant must be 'main' for OSS version",
    );
  });

  it.each(["search-without-credentials", "search-with-wrong-password", "search-with-bearer-token"])(
    "refuse credentials: %s",
    async (name) => {
      const { response } = recordingOf(line, name);
      const api = apiWith(line, "main", async () => toResponse(response));
      const error: unknown = await api.executions.search({}).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect((error as AuthenticationError).message).toContain("KESTRA_USERNAME");
    },
  );

  it("name a filter that Kestra refuses", async () => {
    const { response } = recordingOf(line, "execution-search-bad-filter");
    const api = apiWith(line, "main", async () => toResponse(response));
    await expect(api.executions.search({})).rejects.toThrow("Unsupported field 'nope'");
  });

  it("carry the slug of the problem where the line has one", async () => {
    const name = "execution-create-missing-input";
    const error: unknown = await create("child", { mode: "quick" })(replay(line, name)).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as KestraError).problem).toBe(line === "2" ? "invalid-entity" : undefined);
  });
});
