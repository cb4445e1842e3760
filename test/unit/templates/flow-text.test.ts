import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lexer, parse } from "yaml";
import { arenaFlowIds } from "../../../src/flows/index.ts";
import { readAsset } from "../../../src/templates/assets.ts";
import { appendItems, removeValue, setValue } from "../../../src/templates/flow-text.ts";

const text = `# Above all.
id: a # the id
labels: {x: 1}
variables:
  # How often.
  tries: 3 # times
  wait: PT1S

  long: >-
    one
    two

tasks:
  - id: first
    type: a.Log
    retry: {maxAttempts: 5}

  - id: second # the second
    type: a.Log
    message: |
      x
# The end.
outputs: []
`;

describe("setValue", () => {
  it("replaces a value and leaves every other byte", () => {
    expect(setValue(text, ["variables", "tries"], 9)).toBe(text.replace("tries: 3", "tries: 9"));
    expect(setValue(text, ["id"], "b")).toBe(text.replace("id: a #", "id: b #"));
    expect(setValue(text, ["variables", "wait"], "{{ x }}")).toBe(
      text.replace("wait: PT1S", 'wait: "{{ x }}"'),
    );
  });

  it("replaces a block by a line and a line by a block", () => {
    const short = setValue(text, ["variables", "long"], "now");
    expect(short).toBe(text.replace(">-\n    one\n    two\n", "now\n"));
    const long = setValue(text, ["variables", "wait"], { a: 1, b: ["x"] });
    expect(long).toBe(text.replace("wait: PT1S", "wait:\n    a: 1\n    b:\n      - x"));
  });

  it("adds a key behind the last of its map, and parents that are missing", () => {
    expect(setValue(text, ["variables", "more"], 1)).toBe(
      text.replace("    two\n", "    two\n  more: 1\n"),
    );
    expect(parse(setValue(text, ["concurrency", "limit"], 2)).concurrency).toEqual({ limit: 2 });
  });

  it("sets a value in a map that stands on one line", () => {
    expect(parse(setValue(text, ["labels", "y"], "2")).labels).toEqual({ x: 1, y: "2" });
    const changed = parse(setValue(text, ["tasks", 0, "retry", "maxAttempts"], 7));
    expect(changed.tasks[0].retry).toEqual({ maxAttempts: 7 });
  });

  it("sets, in every template, what a program would set in the values", async () => {
    for (const flowId of arenaFlowIds) {
      const template = await readAsset(flowId, "2");
      const values = parse(template) as Record<string, unknown>;
      const paths = scalarPaths(values);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), newValue, async (path, value) => {
          const changed = setValue(template, path, value);
          expect(parse(changed)).toEqual(withValue(values, path, value));
          expect(comments(changed)).toEqual(comments(template));
        }),
        { numRuns: 40 },
      );
    }
  });
});

describe("appendItems", () => {
  it("adds items at the end of a list, before the comments of what follows", () => {
    const changed = appendItems(text, ["tasks"], [{ id: "third", type: "a.Log" }]);
    expect(changed).toBe(
      text.replace("      x\n# The end", "      x\n\n  - id: third\n    type: a.Log\n# The end"),
    );
  });

  it("fills an empty list and makes one that is missing", () => {
    expect(parse(appendItems(text, ["outputs"], [{ id: "o" }])).outputs).toEqual([{ id: "o" }]);
    expect(parse(appendItems(text, ["errors"], [{ id: "e" }])).errors).toEqual([{ id: "e" }]);
    expect(appendItems(text, ["errors"], [{ id: "e" }])).toContain("# The end.\n");
  });

  it("works on a text that does not end with a line's end", () => {
    const short = "id: a\ntasks:\n  - id: b";
    expect(parse(appendItems(short, ["tasks"], [{ id: "c" }]))).toEqual({
      id: "a",
      tasks: [{ id: "b" }, { id: "c" }],
    });
  });
});

describe("removeValue", () => {
  it("takes a key with its lines, and leaves every other byte", () => {
    expect(removeValue(text, ["variables", "wait"])).toBe(text.replace("  wait: PT1S\n", ""));
    expect(removeValue(text, ["variables", "long"])).toBe(
      text.replace("  long: >-\n    one\n    two\n", ""),
    );
    expect(removeValue(text, ["nothing"])).toBe(text);
  });

  it("takes an item with its lines", () => {
    expect(removeValue(text, ["tasks", 0])).toBe(
      text.replace("  - id: first\n    type: a.Log\n    retry: {maxAttempts: 5}\n", ""),
    );
    expect(removeValue(text, ["tasks", 1])).toBe(
      text.replace("  - id: second # the second\n    type: a.Log\n    message: |\n      x\n", ""),
    );
    expect(removeValue(text, ["tasks", 7])).toBe(text);
  });

  it("takes what held it with the last one", () => {
    const one = "id: a\ntriggers:\n  - id: t\n    cron: x\ntasks:\n  - id: b\n";
    expect(removeValue(one, ["triggers", 0])).toBe("id: a\ntasks:\n  - id: b\n");
    expect(parse(removeValue(text, ["labels", "x"]))).not.toHaveProperty("labels");
  });

  it("works inside of what stands on one line", () => {
    const flow = "id: a\nlabels: {x: 1, y: 2}\nlist: [1, 2]\n";
    expect(parse(removeValue(flow, ["labels", "x"])).labels).toEqual({ y: 2 });
    expect(parse(removeValue(flow, ["list", 0])).list).toEqual([2]);
  });
});

const newValue = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.string(),
  fc.constant("{{ {'a': inputs.x} | toJson }}"),
  fc.constant("two\nlines: of\n# text\n"),
  fc.constant({ a: 1, b: ["x", { c: "{{ y }}" }] }),
  fc.constant(["a", 1]),
);

function scalarPaths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => scalarPaths(item, [...path, index]));
  if (typeof value !== "object" || value === null) return path.length === 0 ? [] : [path];
  return Object.entries(value).flatMap(([key, item]) => scalarPaths(item, [...path, key]));
}

function withValue(values: unknown, path: (string | number)[], value: unknown): unknown {
  const copy = structuredClone(values) as Record<string | number, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce((node, key) => node[key] as Record<string | number, unknown>, copy);
  parent[path.at(-1)!] = value;
  return copy;
}

/** The comments of YAML alone: what looks like one in a jq program belongs to its text. */
function comments(source: string): string[] {
  const found: string[] = [];
  const lexer = new Lexer();
  for (const token of lexer.lex(source)) if (token.startsWith("#")) found.push(token);
  return found;
}
