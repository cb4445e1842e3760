import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { templateIds } from "../../../src/flows/index.ts";
import { exportFlows } from "../../../src/templates/export-flows.ts";
import { loadFlow } from "../../../src/templates/load-flow.ts";
import { FakeKestra } from "./fake-kestra.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kestra-arena-export-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const names = [...templateIds].map((flowId) => `${flowId}.yml`).sort();

describe("exportFlows", () => {
  it("writes a complete set for each line into a folder that it makes", async () => {
    for (const line of ["2", "1.3"] as const) {
      const target = join(folder, line);
      const paths = await exportFlows(target, { line });
      expect((await readdir(target)).sort()).toEqual(names);
      expect(paths.map((path) => path.slice(target.length + 1)).sort()).toEqual(names);
      const text = await readFile(join(target, "batch-evaluation.yml"), "utf8");
      expect(text.split("\n").slice(1).join("\n")).toBe(
        await loadFlow("batch-evaluation", { line }),
      );
    }
  });

  it("writes what a deployment would take for its own", async () => {
    await exportFlows(folder);
    const kestra = new FakeKestra();
    for (const flowId of templateIds) {
      const text = await readFile(join(folder, `${flowId}.yml`), "utf8");
      kestra.flows.set(`ai-arena/${flowId}`, [text]);
    }
    expect((await kestra.client.diff()).map(({ status }) => status)).toEqual(
      templateIds.map(() => "equal"),
    );
    const flows = await kestra.client.deploy({ labels: { team: "red" } });
    expect(new Set(flows.map(({ action }) => action))).toEqual(new Set(["updated"]));
  });

  it("refuses to overwrite a file that holds something else, and writes nothing then", async () => {
    await writeFile(join(folder, "batch-lane.yml"), "mine");
    await expect(exportFlows(folder)).rejects.toThrow(
      /folder: holds something else \(.*batch-lane/,
    );
    expect(await readdir(folder)).toEqual(["batch-lane.yml"]);
    await exportFlows(folder, { overwrite: true });
    expect((await readdir(folder)).sort()).toEqual(names);
    await exportFlows(folder);
  });

  it("leaves nothing half written behind when it fails", async () => {
    const target = join(folder, "file");
    await writeFile(target, "no folder");
    await expect(exportFlows(target)).rejects.toThrow();
    await expect(exportFlows(folder, { variables: { speed: 1 } })).rejects.toMatchObject({
      code: "input",
    });
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("uses the client's namespace from the client", async () => {
    const kestra = new FakeKestra();
    const [first] = await kestra.client.export(folder, { only: ["match-orchestration"] });
    expect(first).toBe(join(folder, "match-orchestration.yml"));
    expect(await readdir(folder)).toEqual(["match-orchestration.yml"]);
    expect(kestra.requests).toEqual([]);
  });
});
