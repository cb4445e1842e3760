import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isArenaError } from "../../../src/errors.ts";
import { parseRowsFile } from "../../../src/flows/batch-rows-file.ts";
import { arenaFlows } from "../../../src/flows/index.ts";
import type { KestraApi } from "../../../src/kestra/index.ts";
import { arenaResults } from "../../../src/testing/arena-results.ts";
import { apiWith } from "../../support/recordings.ts";
import { anyJson, fuzzing, mangled, mutated, seed } from "./fuzzing.ts";

const start = {
  executionId: "x",
  namespace: "a.b",
  inputs: { agent_combinations: [{ red_agent_id: "r", blue_agent_id: "b", target_agent_id: "t" }] },
  labels: {},
  number: 1,
};
const flows = Object.values(arenaFlows);

/** What each flow's outputs are when all is well, and the rows of its file. */
function plausible(flowId: string) {
  const made = arenaResults[flowId]?.({ ...start, flowId }, {});
  if (made === undefined) throw new Error(`nothing is known of ${flowId}`);
  return made;
}

function expectParsed(parsed: object) {
  if ("result" in parsed) expect(parsed.result).toBeTypeOf("object");
  else expect(parsed).toMatchObject({ issues: expect.arrayContaining([expect.anything()]) });
}

describe(`Outputs that are none, seed ${seed},`, () => {
  it("are a flow's own when nothing is wrong with them", () => {
    for (const flow of flows) {
      expect(flow.parse(plausible(flow.id).outputs)).toHaveProperty("result");
    }
  });

  it.each(flows)("have a result or reasons: of $id", (flow) => {
    const { outputs } = plausible(flow.id);
    const any = fc.oneof({ arbitrary: mutated(outputs), weight: 4 }, anyJson);
    fc.assert(
      fc.property(any, (value) => expectParsed(flow.parse(value))),
      fuzzing(0.15),
    );
  });

  it("have a result or reasons: rows in a file", () => {
    const [text = ""] = Object.values(plausible("batch-evaluation").files);
    const [line = ""] = text.split("\n");
    const rows = fc.oneof(
      mangled(text, fc.string({ unit: "binary", maxLength: 10 })),
      mutated(JSON.parse(line)).map((row) => `${line}\n${JSON.stringify(row)}\n`),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    fc.assert(
      fc.property(rows, (value) => expectParsed(parseRowsFile(value))),
      fuzzing(0.2),
    );
  });

  const reads: readonly (readonly [string, (api: KestraApi) => Promise<unknown>])[] = [
    ["executions", (api) => api.executions.get("x")],
    ["searches", (api) => api.executions.search({ namespace: "a.b" })],
    ["outputs", (api) => api.executions.outputs("x")],
    ["logs", (api) => api.logs.get("x")],
    ["flows", (api) => api.flows.get("a.b", "f")],
    ["triggers", (api) => api.triggers.list({ namespace: "a.b" })],
    ["webhooks", (api) => api.webhooks.call({ namespace: "a", flowId: "f", key: "k", body: 1 })],
  ];
  it.each(reads)(
    "are read, or an error of ours: %s as Kestra answers them",
    async (_name, read) => {
      const type = fc.constantFrom("application/json", "text/json", "text/html", "");
      const body = fc.oneof(
        anyJson.map((value) => JSON.stringify(value)),
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constant('{"results":[],"total":1e308}'),
      );
      const status = fc.constantFrom(200, 200, 201, 302, 400, 401, 404, 409, 422, 500, 504);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom("1.3", "2" as const),
          body,
          type,
          status,
          async (line, text, contentType, code) => {
            const headers = { "content-type": contentType };
            const api = apiWith(
              line as "2",
              "main",
              async () => new Response(text, { status: code, headers }),
            );
            try {
              await read(api);
            } catch (error) {
              expect(isArenaError(error), String(error)).toBe(true);
            }
          },
        ),
        fuzzing(0.05),
      );
    },
  );
});
