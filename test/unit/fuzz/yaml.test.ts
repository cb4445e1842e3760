import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/cli/exit-codes.ts";
import { readDeclaredFlow } from "../../../src/cli/types/declared-flow.ts";
import { writeDefinition } from "../../../src/cli/types/write-definition.ts";
import { checkFlow } from "../../../src/templates/check-flow.ts";
import { readMeaning } from "../../../src/templates/meaning.ts";
import { anyJson, fuzzing, mangled, mutated, seed } from "./fuzzing.ts";

const flow = {
  id: "fuzzed",
  namespace: "a.b",
  labels: { team: "red" },
  inputs: [
    { id: "who", type: "STRING" },
    { id: "mode", type: "SELECT", values: ["quick", "deep"], defaults: "quick" },
  ],
  variables: { arena_api_url: "http://127.0.0.1", poll: "PT1S" },
  tasks: [
    { id: "hello", type: "io.kestra.plugin.core.log.Log", message: "{{ inputs.who }}" },
    { id: "call", type: "io.kestra.plugin.core.flow.Subflow", namespace: "a.b", flowId: "other" },
  ],
  triggers: [{ id: "s", type: "io.kestra.plugin.core.trigger.Schedule", cron: "0 * * * *" }],
  outputs: [{ id: "greeting", type: "STRING", value: "{{ inputs.who }}" }],
};

const text = `id: fuzzed
namespace: a.b
inputs:
  - { id: who, type: STRING, defaults: "x" }
  - id: when
    type: DATETIME
tasks: &tasks
  - id: hello # a comment
    type: io.kestra.plugin.core.log.Log
    message: |
      {{ inputs.who }}
again: *tasks
`;

const yamlNoise = fc
  .array(
    fc.constantFrom(
      ..."-:?,[]{}#&*!|>'\"%@`~=\\ \n\t0aé\u2028\u0000",
      "<<: ",
      "--- ",
      "...\n",
      "&a ",
      "*a ",
      "!!binary ",
      "!!js/function ",
      "__proto__: ",
      "  - ",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** What a text that is wrong may end in: words for whoever wrote it. */
function expectWords(error: unknown) {
  expect(error).toBeInstanceOf(Error);
  const { name, message } = error as Error;
  const isSaid =
    error instanceof UsageError ||
    name === "YAMLParseError" ||
    name === "YAMLWarning" ||
    (name === "TypeError" && message.startsWith("is not a flow")) ||
    (name === "ReferenceError" && /alias/i.test(message));
  expect(isSaid, `${name}: ${message}`).toBe(true);
}

async function load(source: string): Promise<void> {
  try {
    const meaning = readMeaning(source);
    expect(typeof meaning).toBe("object");
  } catch (error) {
    expectWords(error);
  }
  const problems = checkFlow(source, { flowId: "fuzzed", namespace: "a.b" });
  for (const { message } of problems) expect(typeof message).toBe("string");
  try {
    const declared = await readDeclaredFlow(source, "fuzz.yml");
    const { code } = writeDefinition(declared, { from: "fuzz.yml", isAnywhere: false });
    expect(code).toContain("defineFlow({");
  } catch (error) {
    expectWords(error);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe(`Flows that are no flows, seed ${seed},`, () => {
  it("are read or refused: texts of noise", async () => {
    await fc.assert(fc.asyncProperty(yamlNoise, load), fuzzing(0.3));
  });

  it("are read or refused: a flow's text, mangled", async () => {
    await fc.assert(fc.asyncProperty(mangled(text, yamlNoise), load), fuzzing(0.3));
  });

  it("are read or refused: flows with something else in one place", async () => {
    const changed = mutated(flow).map((value) => JSON.stringify(value) ?? "");
    await fc.assert(fc.asyncProperty(changed, load), fuzzing(0.3));
  });

  it("are read or refused: anything at all", async () => {
    const any = anyJson.map((value) => JSON.stringify(value));
    await fc.assert(fc.asyncProperty(any, load), fuzzing(0.1));
  });

  it("are refused when they would grow without end", async () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 12; level += 1) {
      const parts = Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ");
      lines.push(`a${level}: &a${level} [${parts}]`);
    }
    await load(`id: bomb\nnamespace: a.b\n${lines.join("\n")}\n`);
    await load(`id: deep\nnamespace: a.b\ntasks: ${"[".repeat(5_000)}${"]".repeat(5_000)}\n`);
  });

  it("are refused when an alias stands for itself, and named whatever stands for a name", () => {
    const own = "id: a\nnamespace: b\ntasks: &t\n  - { id: c, again: *t }\n";
    expect(() => readMeaning(own)).toThrow("an alias in it stands for itself");
    const check = { flowId: "a", namespace: "b" };
    expect(checkFlow(own, check)).toMatchObject([{ from: "package" }]);
    const odd = "id: { toString: 1 }\nnamespace: b\ntasks: [{ id: { toString: 1 }, type: x.y }]\n";
    expect(checkFlow(odd, check)[0]?.message).toContain('id is {"toString":1}, not a');
  });
});
