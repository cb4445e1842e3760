import { describe, expect, it } from "vitest";
import { arenaFlows, templateIds } from "../../../src/flows/index.ts";
import { readAsset } from "../../../src/templates/assets.ts";
import { checkFlow } from "../../../src/templates/check-flow.ts";
import {
  findDeclarationProblems,
  findSchemaProblems,
  inputIdOf,
} from "../../../src/templates/contract.ts";
import { readMeaning } from "../../../src/templates/meaning.ts";

const lines = ["2", "1.3"] as const;
const definitions = Object.values(arenaFlows);

async function meaningOf(flowId: string, line: "2" | "1.3") {
  return readMeaning(await readAsset(flowId, line));
}

describe("the three-way agreement", () => {
  it.each(definitions.map((definition) => [definition.id, definition] as const))(
    "holds for %s on both lines: what the SDK checks is what the YAML declares",
    async (flowId, definition) => {
      for (const line of lines) {
        const flow = await meaningOf(flowId, line);
        expect(findSchemaProblems(definition, flow)).toEqual([]);
        expect(findDeclarationProblems(await meaningOf(flowId, "2"), flow)).toEqual([]);
      }
    },
  );

  it.each(templateIds)("finds nothing wrong with %s on either line", async (flowId) => {
    for (const line of lines) {
      const siblings = new Map(
        await Promise.all(templateIds.map(async (id) => [id, await meaningOf(id, line)] as const)),
      );
      const check = { flowId, namespace: "ai-arena", siblings };
      expect(checkFlow(await readAsset(flowId, line), check)).toEqual([]);
    }
  });

  it("finds the input of a property by its name", () => {
    expect(inputIdOf("maxRounds", ["match_mode", "max_rounds"])).toBe("max_rounds");
    expect(inputIdOf("mode", ["match_mode", "max_rounds"])).toBe("match_mode");
    expect(inputIdOf("mode", ["match_mode", "other_mode"])).toBeUndefined();
  });

  it.each([
    [
      (text: string) => text.replace("id: max_rounds", "id: most_rounds"),
      "input max_rounds: is missing",
    ],
    [(text: string) => text.replace("max: 86400", "max: 60"), "input max_wait_seconds: max is 60"],
    [(text: string) => text.replace("defaults: standard", "defaults: deep"), 'defaults is "deep"'],
    [(text: string) => text.replace(", continuous]", "]"), "input match_mode: values is"],
    [
      (text: string) => text.replace("id: transcript_file", "id: file"),
      "output transcript_file: is missing",
    ],
    [
      (text: string) =>
        text.replace("\nvariables:", "\n  - id: mood\n    type: STRING\n\nvariables:"),
      "input mood: is required, and the package does not know it",
    ],
  ])("shows in a deployed flow that was edited (%#)", async (edit, problem) => {
    const text = await readAsset("match-orchestration", "2");
    expect(edit(text)).not.toBe(text);
    const own = readMeaning(text);
    expect(findDeclarationProblems(own, readMeaning(edit(text))).join()).toContain(problem);
  });

  it.each([
    [(text: string) => text.replace("max: 86400", "max: 60"), "max is 60, and 86400 in the SDK"],
    [(text: string) => text.replace(", continuous]", "]"), 'does not take "continuous"'],
    [
      (text: string) => text.replace("id: transcript_file", "id: file"),
      "transcript_file: is missing",
    ],
    [
      (text: string) =>
        text.replace("type: INT\n    min: 1\n    max", "type: BOOL\n    min: 1\n    max"),
      'type is "BOOL", and integer in the SDK',
    ],
    [
      (text: string) => text.replace("    defaults: standard\n", ""),
      "input match_mode: is required, and optional in the SDK",
    ],
    [
      (text: string) =>
        text.replace(
          "type: STRING\n    validator",
          "type: STRING\n    required: false\n    validator",
        ),
      "input red_agent_id: is optional, and required in the SDK",
    ],
  ])("shows between a flow's text and the schemas (%#)", async (edit, problem) => {
    const text = await readAsset("match-orchestration", "2");
    const problems = findSchemaProblems(arenaFlows["match-orchestration"], readMeaning(edit(text)));
    expect(problems.join()).toContain(problem);
  });
});

describe("checkFlow", () => {
  const check = { flowId: "a", namespace: "n" };
  const body = "id: a\nnamespace: n\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n";
  const messages = (text: string, siblings?: Map<string, ReturnType<typeof readMeaning>>) =>
    checkFlow(text, { ...check, siblings }).map(({ message }) => message);

  it("finds nothing wrong with a good flow", () => {
    expect(messages(body)).toEqual([]);
  });

  it("says where YAML breaks off", () => {
    expect(checkFlow("id: a\nnamespace: [", check)).toEqual([
      expect.objectContaining({ from: "package", line: 2 }),
    ]);
    expect(messages("- 1")).toEqual([expect.stringContaining("is not a flow")]);
  });

  it("finds other ids, no tasks, and ids that are there twice", () => {
    expect(messages("id: b\nnamespace: m\n")).toEqual([
      "id is b, not a",
      "namespace is m, not n",
      "has no tasks",
    ]);
    expect(messages(`${body}errors:\n  - id: t\n    type: a.b.Log\n`)).toEqual([
      "has two tasks with the id t",
    ]);
    expect(messages(`${body}inputs: [{id: i, type: INT}, {id: i, type: INT}]\n`)).toEqual([
      "has two inputs with the id i",
    ]);
  });

  it("finds calls that give too much or too little", () => {
    const callee = readMeaning(
      "id: c\ninputs:\n  - {id: must, type: INT}\n  - {id: may, type: INT, required: false}\n  - {id: has, type: INT, defaults: 1}\n",
    );
    const call =
      body +
      "  - id: call\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: '{{ flow.namespace }}'\n    flowId: c\n    inputs: {wrong: 1}\n";
    expect(messages(call, new Map([["c", callee]]))).toEqual([
      "task call gives c an input that it has not: wrong",
      "task call does not give c its input must",
    ]);
    expect(messages(call, new Map())).toEqual([]);
  });

  it("finds a cron that Kestra would refuse", () => {
    const trigger =
      "triggers:\n  - {id: s, type: io.kestra.plugin.core.trigger.Schedule, cron: '61 * * * *'}\n";
    expect(messages(body + trigger)).toEqual([expect.stringContaining('trigger s: "61"')]);
  });
});
