import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { FlowDefinition } from "kestra-arena";
import { fakeKestra } from "kestra-arena/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientOf } from "../testing/agents.ts";
import { createBench } from "./run.ts";
import { everyType } from "./types/every-type.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Inside the repository, so that `kestra-arena` is found by its name. */
let folder: string;
const { run } = createBench();

beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache", "types-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** A flow whose texts would break out of where they are put. */
const hostile = `
id: class
namespace: "a.b\\"; process.exit(1); //"
description: "*/ process.exit(1); /* \`\${process.exit(1)}\` \\u2028 end"
inputs:
  - { id: "__proto__", type: STRING, required: false }
  - { id: "a-b\\"]; //", type: DATETIME, required: false }
  - { id: mode, type: SELECT, values: ["\\"", "*/", "\${x}", "\\n"], description: "*/ nothing" }
outputs:
  - { id: "weird key", type: STRING, value: x, required: false }
tasks: []
`;

describe("kestra-arena types", () => {
  it("writes definitions that compile, of every type and of every flow of the package", async () => {
    const sources: [string, string][] = [
      ["every-type", everyType],
      ["hostile", hostile],
    ];
    for (const line of ["", "kestra-1.3/"]) {
      const names = await readdir(join(root, "flows", line));
      for (const name of names.filter((one) => one.endsWith(".yml"))) {
        const text = await readFile(join(root, "flows", line, name), "utf8");
        const id = `${line.replace("/", "-")}${name.replace(".yml", "")}`;
        sources.push([id, text]);
      }
    }
    const files = [];
    for (const [name, source] of sources) {
      const flow = await file(`${name}.yml`, source);
      const out = join(folder, `${name}.ts`);
      const { code, stderr } = await run(["types", flow, "-o", out]);
      expect({ code, stderr: stderr.includes("fault") }).toEqual({ code: 0, stderr: false });
      files.push(out);
    }
    files.push(
      await file(
        "usage.ts",
        `import type { KestraArenaClient } from "kestra-arena";
import { everyType, type EveryTypeInput, type EveryTypeResult } from "./every-type.ts";
declare const client: KestraArenaClient;
declare const input: EveryTypeInput;
export const result: Promise<EveryTypeResult> = client.start(everyType, input).then((run) => run.result());
export const mode: "quick" | 'a"b' | undefined = input.mode;
export const maybe = async () => { const text: string | undefined = (await result).maybe; return text; };
// @ts-expect-error an input that the flow does not have
client.start(everyType, { ...input, nothing: 1 });
// @ts-expect-error not one of the choices
client.start(everyType, { ...input, old: "z" });
// @ts-expect-error an input that it cannot be without
client.start(everyType, { ...input, who: undefined });
`,
      ),
    );
    const tsconfig = await file(
      "tsconfig.json",
      JSON.stringify({ extends: join(root, "tsconfig.json"), files, include: [] }),
    );
    const tsc = join(root, "node_modules", ".bin", "tsc");
    const errors = await promisify(execFile)(process.execPath, [tsc, "-p", tsconfig]).then(
      () => "",
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
    expect(errors).toBe("");
  }, 300_000);

  it("writes definitions that check inputs, send them and read outputs", async () => {
    const flow = await file("greet.yml", greet);
    await run(["types", flow, "-o", join(folder, "greet.ts")]);
    const module = await import(join(folder, "greet.ts"));
    const definition = module.greetSomebody as FlowDefinition<Record<string, unknown>, unknown>;
    const kestra = fakeKestra();
    kestra.flows.on(definition, ({ inputs }) => ({ outputs: { greeting: `hello ${inputs.who}` } }));
    const when = new Date("2026-01-01T00:00:00Z");
    const execution = await clientOf(kestra).start(definition, { who: "Ada", when, ids: ["a"] });
    expect(await execution.result()).toEqual({ greeting: "hello Ada", count: undefined });
    expect(kestra.executions("greet-somebody")[0]).toMatchObject({
      namespace: "team.red",
      inputs: { who: "Ada", when: "2026-01-01T00:00:00.000Z", ids: '["a"]' },
    });
    expect(() => definition.build({ who: 1, mode: "loud", nothing: true })).toThrow(/who.*mode/s);
    kestra.flows.on(definition, { outputs: { greeting: 1 } });
    expect(definition.parse({ greeting: 1 })).toMatchObject({ issues: [{ path: ["greeting"] }] });
  });

  it("does not let a flow's texts out of their quotes and comments", async () => {
    const flow = await file("hostile-too.yml", hostile);
    await run(["types", flow, "-o", join(folder, "hostile-too.ts")]);
    const module = await import(join(folder, "hostile-too.ts"));
    expect(module.flowClass.namespace).toBe('a.b"; process.exit(1); //');
    expect(Object.keys(module)).toEqual(["flowClass"]);
  });

  it("reads a flow that is deployed, and says what it cannot tell", async () => {
    const { kestra, run: runDeployed } = createBench();
    kestra.sources.set("ai-arena/greet-somebody", greet.replace("ARRAY", "HOLOGRAM"));
    const { code, stdout, stderr } = await runDeployed(["types", "greet-somebody"]);
    expect(code).toBe(0);
    expect(stdout).toContain("export interface GreetSomebodyInput {");
    expect(stdout).toContain("Kestra's type HOLOGRAM, which kestra-arena does not know");
    expect(stderr).toContain("left open: ids");
    const { json } = await runDeployed(["types", "greet-somebody", "--any-namespace", "--json"]);
    expect(json).toMatchObject({ flowId: "greet-somebody", unknown: ["ids"] });
    expect(json.code).not.toContain("namespace:");
    expect((await runDeployed(["types", "nothing"])).code).toBe(3);
  });

  it.each([
    ["no YAML", "a: [", "is no YAML"],
    ["no flow", "- a", "is no flow of Kestra"],
    ["inputs that are no list", "id: a\ninputs: 3", "inputs are no list"],
    ["an input without an id", "id: a\ninputs: [{ type: STRING }]", "one without an id"],
    ["an input twice", "id: a\ninputs: [{ id: b }, { id: b }]", '"b" twice'],
  ])("ends with 2 for %s", async (name, source, why) => {
    const { code, stderr } = await run(["types", await file(`${name}.yml`, source)]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });

  it("overwrites what it made, and nothing else", async () => {
    const flow = await file("again.yml", greet);
    const out = join(folder, "again.ts");
    expect((await run(["types", flow, "-o", out])).code).toBe(0);
    expect((await run(["types", flow, "-o", out])).stdout).toContain("Wrote");
    const mine = await file("mine.ts", "export const mine = 1;\n");
    const refused = await run(["types", flow, "-o", mine]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("something else")]);
    expect(await readFile(mine, "utf8")).toBe("export const mine = 1;\n");
    const nowhere = await run(["types", flow, "-o", join(folder, "no", "where.ts")]);
    expect(nowhere.code).toBe(2);
    expect((await run(["types", join(folder, "none.yml")])).code).toBe(2);
  });
});

const greet = `
id: greet-somebody
namespace: team.red
inputs:
  - { id: who, type: STRING }
  - { id: mode, type: SELECT, values: [loudly, softly], required: false }
  - { id: when, type: DATETIME, required: false }
  - { id: ids, type: ARRAY, itemType: STRING, required: false }
outputs:
  - { id: greeting, type: STRING, value: x }
  - { id: count, type: INT, value: x, required: false }
tasks: []
`;
