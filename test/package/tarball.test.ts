import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { Project, packTarball, root } from "./pack.ts";

const run = promisify(execFile);

/** What every session does first, whatever runs it. */
const checks = `
const inputs = matchOrchestration.build({
  redAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01",
  blueAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d02",
  targetAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d03",
  mode: "quick",
});
const arena = new KestraArenaClient({ url: "http://127.0.0.1:9", retries: 0 });
console.log(inputs["match_mode"], arena.options.namespace);
`;

const names = "{ KestraArenaClient, matchOrchestration }";

let tarball: string;

beforeAll(async () => {
  tarball = await packTarball();
});

describe("the packed tarball", () => {
  it("holds the built files, the flows and what a package needs, and nothing else", async () => {
    const { stdout } = await run("tar", ["--list", "--file", tarball]);
    const files = stdout.trim().split("\n");
    const allowed =
      /^package\/(dist\/[\w./-]+\.(js|d\.ts)|flows\/[\w./-]+\.yml|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    const flows = await readdir(join(root, "flows"), { recursive: true });
    for (const flow of flows.filter((name) => name.endsWith(".yml"))) {
      expect(files).toContain(`package/flows/${flow}`);
    }
  });

  it("works from import and from the flows' own export", async () => {
    const project = await Project.create([tarball], "module");
    await project.write(
      "main.js",
      `import ${names} from "kestra-arena";\nimport { readFileSync } from "node:fs";\n${checks}
const asset = import.meta.resolve("kestra-arena/flows/match-orchestration.yml");
console.log(readFileSync(new URL(asset), "utf8").includes("id: match-orchestration"));
const { loadFlow } = await import("kestra-arena");
console.log((await loadFlow("match-orchestration", { namespace: "a.b" })).includes("namespace: a.b"));`,
    );
    const { stdout, stderr } = await project.run(process.execPath, ["main.js"]);
    expect({ stdout, stderr }).toEqual({ stdout: "quick ai-arena\ntrue\ntrue\n", stderr: "" });
  });

  it("works from require()", async () => {
    const project = await Project.create([tarball], "commonjs");
    await project.write("main.js", `const ${names} = require("kestra-arena");\n${checks}`);
    const { stdout } = await project.run(process.execPath, ["main.js"]);
    expect(stdout).toBe("quick ai-arena\n");
  });

  it("works in a ts-node session and in tsx", async () => {
    const project = await Project.create(
      [tarball, "ts-node@10", "tsx@4", "typescript@6", "@types/node@22"],
      "commonjs",
    );
    await project.write("main.ts", `import ${names} from "kestra-arena";\n${checks}`);
    const tsNode = await project.run(process.execPath, [project.bin("ts-node"), "main.ts"], {
      TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "commonjs" }),
    });
    expect(tsNode.stdout).toBe("quick ai-arena\n");
    const tsx = await project.run(process.execPath, [project.bin("tsx"), "main.ts"]);
    expect(tsx.stdout).toBe("quick ai-arena\n");
  });
});
