import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matchOrchestration } from "kestra-arena";
import { fakeKestra } from "kestra-arena/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "../testing/agents.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kestra-arena-download-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A run with one file, whose answers a test may change. */
async function started(answer?: (response: Response) => Response) {
  const kestra = fakeKestra();
  kestra.files.set("kestra:///a", "content");
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await kestra.fetch(input, init);
    return String(input).includes("/file?") && answer !== undefined ? answer(response) : response;
  };
  const client = clientOf(kestra, { fetch });
  const agent = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01";
  const agents = { redAgentId: agent, blueAgentId: agent, targetAgentId: agent };
  return { kestra, execution: await client.start(matchOrchestration, agents) };
}

describe("Execution.downloadTo", () => {
  it("writes where the caller says, whatever name the server gives the file", async () => {
    const { execution } = await started((response) => {
      const headers = { "content-disposition": 'attachment; filename="../../evil"' };
      return new Response(response.body, { headers });
    });
    await execution.downloadTo("kestra:///a", join(folder, "mine.json"));
    expect(await readdir(folder)).toEqual(["mine.json"]);
    expect(await readFile(join(folder, "mine.json"), "utf8")).toBe("content");
  });

  it("makes an empty file of an answer without a body, and none where it cannot write", async () => {
    const { execution } = await started(() => new Response(null));
    await execution.downloadTo("kestra:///a", join(folder, "mine"));
    expect(await readFile(join(folder, "mine"), "utf8")).toBe("");
    const nowhere = join(folder, "none", "mine");
    await expect(execution.downloadTo("kestra:///a", nowhere)).rejects.toThrow("ENOENT");
  });

  it("replaces a link by the file, and never writes through it", async () => {
    const other = join(folder, "other");
    await writeFile(other, "of somebody else");
    await symlink(other, join(folder, "link"));
    const { execution } = await started();
    await execution.downloadTo("kestra:///a", join(folder, "link"));
    expect(await readFile(other, "utf8")).toBe("of somebody else");
    await expect(readlink(join(folder, "link"))).rejects.toThrow();
    expect(await readFile(join(folder, "link"), "utf8")).toBe("content");
  });

  it("leaves nothing behind, and what was there, when the answer breaks off", async () => {
    await writeFile(join(folder, "mine"), "before");
    const { execution, kestra } = await started();
    kestra.faults.add("brokenAnswer", { when: ({ route }) => route === "file" });
    await expect(execution.downloadTo("kestra:///a", join(folder, "mine"))).rejects.toMatchObject({
      code: "connection",
    });
    expect(await readdir(folder)).toEqual(["mine"]);
    expect(await readFile(join(folder, "mine"), "utf8")).toBe("before");
  });

  it("lets go of the answer when it cannot write", async () => {
    const { execution } = await started();
    const nowhere = join(folder, "none", "mine");
    await expect(execution.downloadTo("kestra:///a", nowhere)).rejects.toThrow("ENOENT");
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(["kestra:///etc/passwd", "file:///etc/passwd", "../../etc/passwd", "http://a.test/x"])(
    "asks Kestra for %s, and nobody else",
    async (uri) => {
      const { execution, kestra } = await started();
      await expect(execution.downloadTo(uri, join(folder, "mine"))).rejects.toMatchObject({
        code: "kestra",
        status: 422,
      });
      expect(kestra.requests.at(-1)?.path).toBe(`executions/${execution.id}/file`);
      expect(await readdir(folder)).toEqual([]);
    },
  );
});
