import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBlocks } from "../../docs/pages.ts";
import { Project, packTarball, removeTarball } from "../../package/pack.ts";
import { type Stage, setStage } from "./stage.ts";

/** As somebody does it who has the tarball and the README, and nothing of this repository. */
describe("a stranger with the tarball in an empty folder", () => {
  let stage: Stage;
  let project: Project;
  /** What the first run printed of its batch. */
  let tables: string | undefined;
  const tools = ["typescript@5.9.3", "ts-node@10.9.2", "@types/node@22.20.5"];
  const program = readBlocks("README.md").find(({ language }) => language === "ts")?.code ?? "";

  beforeAll(async () => {
    stage = await setStage("stranger");
    const tarball = await packTarball();
    project = await Project.create([tarball, ...tools]);
    await removeTarball(tarball);
    await project.write("first.mts", program);
    // ts-node takes modules for CommonJS without a tsconfig.json, where only a function can wait.
    const [imports = "", body = ""] = program.split(/\n\n(.*)/s);
    await project.write(
      "session.ts",
      `${imports}\n\nasync function session() {\n${body}\n}\nsession();\n`,
    );
  });
  afterAll(async () => {
    await project?.remove();
    await stage[Symbol.asyncDispose]();
  });

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    project.run(process.execPath, args, { ...stage.env, ...env });

  it("finds no error in the README's program", async () => {
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"];
    const modules = ["--module", "nodenext", "--moduleResolution", "nodenext", "first.mts"];
    const tsc = project.path("typescript", "bin", "tsc");
    expect((await run([tsc, ...options, ...modules])).stdout).toBe("");
  });

  it("plays it on Kestra with node", async () => {
    const { stdout } = await run(["first.mts"]);
    expect(stdout).toMatch(/SUCCESS\n[\s\S]*Red agents[\s\S]*Blue agents/);
    [, tables] = stdout.split("SUCCESS\n");
  });

  it("plays it in ts-node, where the key finds the same batch", async () => {
    const tsNode = project.path("ts-node", "dist", "bin.js");
    const { stdout } = await run([tsNode, "session.ts"], {
      TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "commonjs" }),
    });
    expect(stdout.split("SUCCESS\n")[1]).toBe(tables);
  });
});
