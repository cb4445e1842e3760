import { describe, expect, it } from "vitest";
import { encodeInputs } from "../../../src/executions/encode-inputs.ts";
import { isArenaError, type StartOptions } from "../../../src/index.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet } from "../../support/test-flow.ts";

const issuesOf = (error: unknown) =>
  isArenaError(error, "input")
    ? error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)
    : [String(error)];

function problemWith(value: unknown): string[] {
  try {
    encodeInputs("flow", { value } as never);
    return [];
  } catch (error) {
    return issuesOf(error);
  }
}

describe("Inputs", () => {
  it("are sent as the text that Kestra reads by their types", () => {
    const file = new Blob(["x"]);
    const encoded = encodeInputs("flow", {
      text: "Zoë {{ 1 + 1 }}",
      count: 7,
      share: 7.5,
      flag: false,
      list: ["a", 1],
      record: { deep: { er: null } },
      file,
    });
    expect(encoded).toEqual({
      text: "Zoë {{ 1 + 1 }}",
      count: "7",
      share: "7.5",
      flag: "false",
      list: '["a",1]',
      record: '{"deep":{"er":null}}',
      file,
    });
  });

  it.each([
    ["", "must not be empty"],
    [null, "must not be null"],
    [Number.NaN, "must be a finite number"],
    [3.5e38, "32-bit FLOAT"],
    [Number.POSITIVE_INFINITY, "32-bit FLOAT"],
    ["\ud800", "lone surrogate"],
    [{ deep: { list: [1, Number.NaN] } }, "must at deep.list[1] be a finite number"],
    [[["ok", "\udfff"]], "must at [0][1] not hold half a character"],
    [{ call: () => {} }, "must at call not be of type function"],
    [{ big: 1n }, "must at big not be of type bigint"],
    [[undefined], "must at [0] not be of type undefined"],
    [new Map(), "Map or Set"],
    [new Date(Number.NaN), "must be a valid date"],
  ])("that Kestra would drop or turn into something else are refused: %s", (value, words) => {
    expect(problemWith(value).join()).toContain(words);
  });

  it("are all checked, and each problem has its path", () => {
    try {
      encodeInputs("flow", { one: "", two: Number.NaN, three: "fine" });
      expect.unreachable();
    } catch (error) {
      expect(issuesOf(error)).toHaveLength(2);
      expect(String(error)).toContain("Nothing was sent.");
    }
  });
});

describe("A start", () => {
  const refusal = async (options: StartOptions, labels = {}) => {
    const kestra = new SimulatedKestra({ flows: [{ id: "greet" }] });
    const error: unknown = await clientOf(kestra, { labels })
      .start(greet, { who: "Ada" }, options)
      .catch((thrown: unknown) => thrown);
    expect(kestra.traffic.requests).toBe(0);
    return issuesOf(error).join();
  };

  it.each([
    [{ key: " spaced " }, "key: must be 1 to 200 characters"],
    [{ key: "" }, "key: must be 1 to 200 characters"],
    [{ key: "two\nlines" }, "key: must be 1 to 200 characters"],
    [{ scheduleAt: new Date(Number.NaN) }, "scheduleAt: must be a valid Date"],
    [{ scheduleAt: new Date(Date.UTC(10_000, 0)) }, "scheduleAt: must be a valid Date"],
    [{ revision: 0 }, "revision: must be a whole number from 1"],
    [{ revision: 1.5 }, "revision: must be a whole number from 1"],
    [{ onExisting: "reuse" }, "onExisting: must be one of join, joinIfLive, fail, new"],
    [{ timeoutMs: -1 }, "timeoutMs: must be a number of milliseconds"],
    [{ onexisting: "join" }, "onexisting: is no option"],
    [{ labels: { "a b": "x" } }, "labels.a b: "],
    [{ labels: { "a:b": "x" } }, "labels.a:b: "],
    [{ labels: { a: "" } }, "labels.a: a label's value must be a text"],
    [{ labels: { "system.from": "me" } }, "is Kestra's own"],
    [{ labels: { "arena.key": "mine" } }, "is stamped by the client itself"],
  ])("is refused before anything is sent: %j", async (options, words) => {
    expect(await refusal(options as StartOptions)).toContain(words);
  });

  it("is refused for a label of the client's own", async () => {
    expect(await refusal({}, { "a b": "x" })).toContain("labels.a b");
  });

  it("is refused for inputs that the flow does not have", async () => {
    const kestra = new SimulatedKestra();
    const input = { who: "Ada", whom: "Lin" };
    const error: unknown = await clientOf(kestra)
      .start(greet, input)
      .catch((thrown: unknown) => thrown);
    expect(issuesOf(error).join()).toContain("whom");
    expect(kestra.traffic.requests).toBe(0);
  });
});

describe("A list", () => {
  it.each([
    [{ state: ["FAILED"] }, {}, "state: is no filter"],
    [{ labels: { "a]b": "x" } }, {}, "is not a label's key"],
    [{ labels: { a: "" } }, {}, "must be a text"],
    [{ startedAfter: "yesterday" }, {}, "startedAfter: must be a valid Date"],
    [{ states: [] }, {}, "states: must not be empty"],
    [{ flowId: "" }, {}, "flowId: must not be empty"],
    [{}, { pageSize: 0 }, "pageSize: must be a whole number from 1 to 1,000"],
    [{}, { limit: -1 }, "limit: must be a whole number"],
    [{}, { size: 3 }, "size: is no option"],
  ])("is refused rather than wider than asked for: %j %j", async (filter, options, words) => {
    const kestra = new SimulatedKestra();
    const items = clientOf(kestra).executions.list(filter as never, options as never);
    const error: unknown = await items.next().catch((thrown: unknown) => thrown);
    expect(issuesOf(error).join()).toContain(words);
    expect(kestra.traffic.requests).toBe(0);
  });
});
