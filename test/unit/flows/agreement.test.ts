import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { FlowDefinition } from "../../../src/flows/define-flow.ts";
import {
  type ArenaFlowId,
  arenaFlowIds,
  arenaFlows,
  templateIds,
} from "../../../src/flows/index.ts";
import { inputIdOf } from "../../../src/templates/contract.ts";
import { documentedDefaults } from "./documented-defaults.ts";
import { fullInputs } from "./full-inputs.ts";

interface Declaration {
  id: string;
  type: string;
  description?: string;
  displayName?: string;
  values?: unknown[];
  min?: number;
  max?: number;
  required?: boolean;
  defaults?: unknown;
}
interface Flow {
  id: string;
  namespace: string;
  description?: string;
  labels?: Record<string, string>;
  inputs?: Declaration[];
  outputs?: Declaration[];
}
type JsonSchema = Readonly<Record<string, unknown>>;

const folder = new URL("../../../flows/", import.meta.url);
const files = [...(await yamlFiles("")), ...(await yamlFiles("kestra-1.3/"))];
const flows = await Promise.all(
  files.map(async (file) => ({
    file,
    flow: parse(await readFile(new URL(file, folder), "utf8")) as Flow,
  })),
);
const ownFlows = flows.flatMap(({ file, flow }) =>
  isOwn(flow.id) ? [{ file, flow, definition: arenaFlows[flow.id] as Definition }] : [],
);
type Definition = FlowDefinition<never, unknown, unknown>;

describe("the templates", () => {
  it("are those of the registry, and 1.3 has none that 2.x lacks", () => {
    const ids = (prefix: string) =>
      files
        .filter((file) => file.startsWith(prefix) && !file.slice(prefix.length).includes("/"))
        .map((file) => file.slice(prefix.length, -".yml".length));
    expect(ids("").sort()).toEqual([...templateIds].sort());
    expect(templateIds).toEqual(expect.arrayContaining(ids("kestra-1.3/")));
    expect(templateIds).toEqual(expect.arrayContaining(arenaFlowIds));
  });

  it.each(flows)("of $file say what they are and what they take and give", ({ file, flow }) => {
    expect(file.split("/").at(-1)).toBe(`${flow.id}.yml`);
    expect(flow.namespace).toBe("ai-arena");
    expect(flow.labels).toMatchObject({ app: "ai-arena" });
    const silent = [flow, ...(flow.inputs ?? []), ...(flow.outputs ?? [])].filter(
      ({ description = "" }) => description.length < 10,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
    const unnamed = (flow.inputs ?? []).filter(({ displayName }) => displayName === undefined);
    expect(unnamed.map(({ id }) => id)).toEqual([]);
  });

  it.each(flows)("of $file hold no secret", async ({ file }) => {
    const text = await readFile(new URL(file, folder), "utf8");
    expect(text).not.toMatch(/hooks\.slack\.com|Bearer [A-Za-z0-9]{8}|password["']?\s*[:=]/i);
  });
});

describe.each(ownFlows)("$file and its definition", ({ flow, definition }) => {
  const full = fullInputs[flow.id as ArenaFlowId] as never;
  const { input, output } = definition.jsonSchemas();
  const ids = (flow.inputs ?? []).map(({ id }) => id);
  const properties = Object.entries((input.properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, schema]) => {
      const declared = flow.inputs?.find(({ id }) => id === inputIdOf(name, ids));
      return { name, schema, declared: declared! };
    },
  );

  it("have an example with every property", () => {
    expect(Object.keys(full).sort()).toEqual(properties.map(({ name }) => name).sort());
  });

  it("take the same inputs", () => {
    expect(Object.keys(definition.build(full)).sort()).toEqual([...ids].sort());
  });

  it("agree on what has to be given", () => {
    const required = new Set((input.required ?? []) as string[]);
    for (const { name, declared } of properties) {
      const isNeeded = declared.required !== false && declared.defaults === undefined;
      expect(isNeeded, name).toBe(required.has(name));
    }
  });

  it("agree on bounds", () => {
    for (const { name, schema, declared } of properties) {
      if (schema.type !== "integer" && schema.type !== "number") continue;
      const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
      expect(declared.min, `${name}, min`).toBe(minimum);
      expect(declared.max, `${name}, max`).toBe(maximum === 2_147_483_647 ? undefined : maximum);
    }
  });

  it("agree on the values to choose from", () => {
    for (const { name, schema, declared } of properties) {
      if (!Array.isArray(schema.enum)) continue;
      expect(declared.type, name).toBe("SELECT");
      expect(declared.values, name).toEqual(schema.enum);
    }
  });

  it("agree on defaults, as they are documented", async () => {
    const documented = await documentedDefaults(flow.id);
    for (const { name, declared } of properties) {
      if (declared.defaults === undefined) {
        // What is left out has no value that could be named: its default is told in words.
        expect(isValue(documented.get(name)), name).toBe(false);
      } else if (typeof declared.defaults === "object" || isJson(declared.defaults)) {
        expect(documented.has(name), name).toBe(false);
      } else {
        expect(documented.get(name), name).toEqual(declared.defaults);
      }
    }
  });

  it("give the same outputs", () => {
    // `reason` tells a calling flow why there is no result; the SDK reads that from the logs.
    const withoutReason = (names: string[]) => names.filter((name) => name !== "reason").sort();
    const outputs = (flow.outputs ?? []).map(({ id }) => id);
    expect(withoutReason(outputs)).toEqual(withoutReason(Object.keys(output.properties ?? {})));
  });
});

async function yamlFiles(path: string): Promise<string[]> {
  const names = await readdir(new URL(path || ".", folder));
  return names.filter((name) => name.endsWith(".yml")).map((name) => path + name);
}

function isOwn(id: string): id is ArenaFlowId {
  return Object.hasOwn(arenaFlows, id);
}

/** A number, a boolean or a quoted text, rather than words. */
function isValue(documented: unknown): boolean {
  return documented !== undefined && typeof documented !== "symbol";
}

function isJson(text: unknown): boolean {
  return typeof text === "string" && /^[[{]/.test(text);
}
