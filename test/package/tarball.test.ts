import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCells } from "./kernel.ts";
import { Project, packTarball, removeTarball, root } from "./pack.ts";
import { cells, commonJs, compiled, entries, esModule, peers } from "./programs.ts";

const run = promisify(execFile);

/** What every program prints. */
const printed = `quick ai-arena\n${entries.length} entries\n`;

let tarball: string;
let user: Project;

beforeAll(async () => {
  tarball = await packTarball();
  user = await Project.createUser(tarball);
  await user.write("main.mjs", esModule);
  await user.write("main.cjs", commonJs);
  await user.write("main.ts", compiled);
  await user.write("main.mts", compiled);
});

afterAll(async () => {
  await user?.remove();
  await removeTarball(tarball);
});

describe("the packed tarball", () => {
  it("holds the built files, the flows and what a package needs, and nothing else", async () => {
    const { stdout } = await run("tar", ["--list", "--file", tarball]);
    const files = stdout.trim().split("\n");
    const allowed =
      /^package\/(dist\/[\w./-]+\.(js|d\.ts)|flows\/[\w./-]+\.yml|package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY\.md)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    const flows = await readdir(join(root, "flows"), { recursive: true });
    for (const flow of flows.filter((name) => name.endsWith(".yml"))) {
      expect(files).toContain(`package/flows/${flow}`);
    }
    expect((await stat(tarball)).size).toBeLessThan(600_000);
  });

  it("brings along no more than its few dependencies", async () => {
    const text = await readFile(user.path("kestra-arena", "package.json"), "utf8");
    const { dependencies, sideEffects } = JSON.parse(text);
    expect(Object.keys(dependencies)).toEqual(["croner", "eventsource-parser", "yaml", "zod"]);
    expect(sideEffects).toBe(false);
  });
});

const nodes = [
  ["Node 22", () => user.path("node-22", "bin", "node")],
  ["Node 24", () => process.execPath],
  ["Node 26", () => user.path("node-26", "bin", "node")],
] as const;

describe.each(nodes)("on %s", (name, node) => {
  it("is the version that it is called", async () => {
    const { stdout } = await user.run(node(), ["--version"]);
    expect(stdout).toContain(`v${name.replace("Node ", "")}.`);
  });

  it("works from import, every entry of it", async () => {
    const { stdout, stderr } = await user.run(node(), ["main.mjs"]);
    expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: "" });
  });

  it("works from require(), every entry of it", async () => {
    expect((await user.run(node(), ["main.cjs"])).stdout).toBe(printed);
  });

  it("gives the flows as files", async () => {
    await user.write(
      "flows.mjs",
      `import { readFileSync } from "node:fs";
import { loadFlow } from "kestra-arena";
const asset = import.meta.resolve("kestra-arena/flows/match-orchestration.yml");
console.log(readFileSync(new URL(asset), "utf8").includes("id: match-orchestration"));
console.log((await loadFlow("match-orchestration", { namespace: "a.b" })).includes("namespace: a.b"));
`,
    );
    expect((await user.run(node(), ["flows.mjs"])).stdout).toBe("true\ntrue\n");
  });
});

describe("without a build step", () => {
  const ways: [string, () => [string, string[]], NodeJS.ProcessEnv?][] = [
    [
      "ts-node",
      () => [process.execPath, [user.path("ts-node", "dist", "bin.js"), "main.ts"]],
      { TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "commonjs" }) },
    ],
    ["tsx", () => [process.execPath, [user.path("tsx", "dist", "cli.mjs"), "main.ts"]]],
    ["Node's own types", () => [process.execPath, ["main.mts"]]],
    ["Bun, from import", () => [user.path(".bin", "bun"), ["main.mjs"]]],
    ["Bun, from require()", () => [user.path(".bin", "bun"), ["main.cjs"]]],
    ["Bun, in TypeScript", () => [user.path(".bin", "bun"), ["main.ts"]]],
    ["Deno, from import", () => [user.path(".bin", "deno"), [...deno, "main.mjs"]]],
    ["Deno, in TypeScript", () => [user.path(".bin", "deno"), [...deno, "main.mts"]]],
  ];
  const deno = ["run", "--no-check", "--node-modules-dir=manual", "--allow-env", "--allow-read"];

  it.each(ways)("works in %s", async (_name, command, env = {}) => {
    const [program, args] = command();
    expect((await user.run(program, args, env)).stdout).toBe(printed);
  });
});

describe("in a notebook", () => {
  const link = /<a href="http:\/\/kestra\.test\/ui\/[^"]+">/;
  const text = /^Execution \w+ of match-orchestration: (RUNNING|SUCCESS)\nhttp:/;

  it("shows a run, a batch and an analysis as tables in Deno's kernel", async () => {
    const kernel = (file: string) =>
      [user.path(".bin", "deno"), ["jupyter", "--kernel", "--conn", file]] as const;
    const [, run, batch, analysis] = await runCells(user, kernel, Object.values(cells));
    expect(run).toEqual({
      "text/html": expect.stringMatching(link),
      "text/plain": expect.stringMatching(text),
    });
    for (const shown of [batch, analysis]) {
      expect(shown?.["text/html"]).toContain('<th scope="row">Ember</th>');
      expect(shown?.["text/plain"]).toMatch(/^ +1 {2}Ember /m);
    }
  });

  it("shows them as text in tslab's, and as tables by their HTML", async () => {
    const tslab = user.path("tslab", "bin", "tslab");
    const kernel = (file: string) =>
      [process.execPath, [tslab, "kernel", "--config-path", file]] as const;
    const [, run, batch, analysis, html] = await runCells(user, kernel, [
      ...Object.values(cells),
      'import * as tslab from "tslab";\ntslab.display.html(analysis.toHTML());',
    ]);
    expect(run).toEqual({ stdout: expect.stringMatching(text) });
    expect(batch).toEqual({ stdout: expect.stringMatching(/^ +1 {2}Ember /m) });
    expect(analysis).toEqual(batch);
    expect(html).toEqual({ "text/html": expect.stringContaining('<th scope="row">Ember</th>') });
  });
});

describe("in a bundle", () => {
  // What is imported when it is needed, and is not installed.
  const external = peers.map((name) => `--external:${name}`);
  const esbuild = (args: readonly string[]) =>
    user.run(user.path(".bin", "esbuild"), ["--bundle", "--platform=node", ...external, ...args]);

  it.each([
    // The package yaml is CommonJS, which asks for Node's own modules in a way that an ES module has not.
    ["an ES module", "bundle.mjs", ["--format=esm", "--external:yaml"]],
    ["CommonJS", "bundle.cjs", ["--format=cjs"]],
  ])("works as %s", async (_name, file, args) => {
    await esbuild(["main.mjs", `--outfile=${file}`, ...args]);
    expect((await user.run(process.execPath, [file])).stdout).toBe(printed);
  });

  it("leaves out what is not used", async () => {
    await user.write(
      "small.mjs",
      'import { isTerminal } from "kestra-arena";\nconsole.log(isTerminal("SUCCESS"));\n',
    );
    await esbuild(["small.mjs", "--format=esm", "--external:yaml", "--outfile=small.bundle.mjs"]);
    const bundle = await readFile(join(user.folder, "small.bundle.mjs"), "utf8");
    expect(bundle).not.toContain("KestraArenaClient");
    expect((await user.run(process.execPath, ["small.bundle.mjs"])).stdout).toBe("true\n");
  });
});

describe("for TypeScript", () => {
  const compilers = [
    ["the oldest supported", () => user.path("typescript-oldest", "lib", "tsc.js"), "5.5"],
    ["5", () => user.path("typescript", "lib", "tsc.js"), "5.9"],
    ["6", () => join(root, "node_modules/typescript/lib/tsc.js"), "6."],
    ["7", () => join(root, "node_modules/@typescript/native/bin/tsc"), "7."],
  ] as const;
  const resolutions = [
    ["node16", "node16", "main.mts"],
    ["esnext", "bundler", "main.ts"],
  ] as const;
  const cases = compilers.flatMap((compiler) =>
    resolutions.map(
      ([module, resolution, file]) => [resolution, ...compiler, module, file] as const,
    ),
  );

  it.each(cases)(
    "has types that, with the resolution of %s, %s reads",
    async (resolution, _name, tsc, version, module, file) => {
      expect((await user.run(process.execPath, [tsc(), "--version"])).stdout).toContain(version);
      const options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        "--types",
        "node",
      ];
      const { stdout } = await user
        .run(process.execPath, [
          tsc(),
          ...options,
          "--module",
          module,
          "--moduleResolution",
          resolution,
          file,
        ])
        .catch((error: { stdout: string }) => error);
      expect(stdout).toBe("");
    },
  );
});
