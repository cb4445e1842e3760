import { describe, expect, it } from "vitest";
import { datasetGeneration, type GenerateDatasetInput, InputError } from "../../../src/index.ts";

const agentId = "4b5c49b9-ff74-4357-ad7b-183e593747fb";

describe("datasetGeneration.build", () => {
  it("sends nothing that was not given, so that the flow's own defaults hold", () => {
    expect(datasetGeneration.build({})).toEqual({});
  });

  it("gives the flow's own names", () => {
    const input: GenerateDatasetInput = {
      matchIds: ["AR-2025-0001"],
      dateRangeStart: new Date("2026-01-01T00:00:00Z"),
      dateRangeEnd: "2026-02-01T01:30:00+01:00",
      minSeverity: 7.5,
      maxMatches: 100,
      agentId,
      trainFor: "blue",
      kind: "dpo",
      format: "json",
      includeSystemPrompt: true,
    };
    expect(datasetGeneration.build(input)).toEqual({
      match_ids: ["AR-2025-0001"],
      date_range_start: "2026-01-01T00:00:00.000Z",
      date_range_end: "2026-02-01T00:30:00.000Z",
      min_severity: 7.5,
      max_matches: 100,
      agent_id: agentId,
      train_for: "blue",
      dataset_kind: "dpo",
      export_format: "json",
      include_system_prompt: true,
    });
  });

  it.each<[string, GenerateDatasetInput]>([
    ["matchIds", { matchIds: [] }],
    ["matchIds", { matchIds: [""] }],
    // Kestra reads a time without a zone as it likes.
    ["dateRangeStart", { dateRangeStart: "2026-01-01T00:00:00" }],
    ["dateRangeStart", { dateRangeStart: new Date(Number.NaN) }],
    ["dateRangeEnd", { dateRangeStart: "2026-01-02T00:00:00Z", dateRangeEnd: new Date(0) }],
    ["minSeverity", { minSeverity: 10.1 }],
    ["minSeverity", { minSeverity: -1 }],
    ["maxMatches", { maxMatches: 0 }],
    ["maxMatches", { maxMatches: 1.5 }],
    ["agentId", { agentId: "ember" }],
  ])("refuses a bad %s and names it", (path, input) => {
    const error = caught(() => datasetGeneration.build(input));
    expect(error.issues[0]?.path[0]).toBe(path);
  });

  it("refuses unknown keys", () => {
    expect(() => datasetGeneration.build({ severity: 3 } as GenerateDatasetInput)).toThrow(
      InputError,
    );
  });
});

describe("datasetGeneration.parse", () => {
  const validation = {
    train_for: "blue",
    kind: "kto",
    format: "jsonl",
    rows: 3,
    matches_read: 2,
    attacks: 5,
    attacks_used: 3,
    left_out_matches: { unfinished: 1 },
    left_out_rows: { undecided: 2 },
    outcomes: { blocked: 2, success: 1 },
    attack_types: { jailbreak: 3 },
    labels: { good: 2, bad: 1 },
    replaced: { EMAIL: 4 },
    notes: ["A word."],
  };
  const outputs = {
    dataset_file: "kestra:///rows.jsonl",
    row_count: 3,
    match_count: 1,
    match_ids: ["AR-2025-0001"],
    validation,
  };

  it("gives what the file holds and what was left out", () => {
    expect(datasetGeneration.parse(outputs)).toEqual({
      result: {
        datasetFile: "kestra:///rows.jsonl",
        rowCount: 3,
        matchCount: 1,
        matchIds: ["AR-2025-0001"],
        validation: {
          trainFor: "blue",
          kind: "kto",
          format: "jsonl",
          rows: 3,
          matchesRead: 2,
          attacks: 5,
          attacksUsed: 3,
          leftOutMatches: { unfinished: 1 },
          leftOutRows: { undecided: 2 },
          outcomes: { blocked: 2, success: 1 },
          attackTypes: { jailbreak: 3 },
          labels: { good: 2, bad: 1 },
          pairings: {},
          replaced: { EMAIL: 4 },
          unknownMatchIds: [],
          cutMatchIds: [],
          agents: [],
          notes: ["A word."],
        },
      },
    });
  });

  it("has no labels where rows have none", () => {
    const parsed = datasetGeneration.parse({
      ...outputs,
      validation: { ...validation, kind: "sft", labels: {} },
    });
    expect(parsed).toMatchObject({ result: { validation: { labels: null } } });
  });

  it("says what does not fit", () => {
    expect(datasetGeneration.parse({ ...outputs, row_count: "3" })).toMatchObject({
      issues: [{ path: ["row_count"] }],
    });
  });
});

function caught(call: () => unknown): InputError {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error("No InputError was thrown.");
}
