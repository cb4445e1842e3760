import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AgentInfo } from "../../../src/evaluation/agents.ts";
import { roundRobin } from "../../../src/evaluation/combinations.ts";
import { evaluate } from "../../../src/evaluation/run/evaluate.ts";
import { analyzeBatch } from "../../../src/evaluation/run/evaluation-batch.ts";
import { parseRun } from "../../../src/evaluation/run/stored-run.ts";
import { toRowsFile } from "../../../src/flows/batch-rows-file.ts";
import { FakeKestra } from "./fake-kestra.ts";
import { lostRow, simulateRows, truth } from "./support.ts";

const combinations = roundRobin({ red: ["r1", "r2"], blue: ["b1"], target: ["t1"] });
const matrix = { combinations, matchesPerCombination: 2, mode: "quick" as const };
const agents: AgentInfo[] = [{ id: "r1", type: "red", name: "Rook", version: "1" }];

async function journalPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "arena-stored-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "run.jsonl");
}

describe("parseRun", () => {
  it("gives of a journal what evaluate gave", async () => {
    const journal = await journalPath();
    const options = { journal, agents, tickMs: 1 };
    const batch = await evaluate(new FakeKestra().client(), matrix, options);
    const { isComplete: _, reused: __, ...kept } = batch;
    const run = parseRun(await readFile(journal, "utf8"));
    expect(run).toEqual(kept);
    expect(analyzeBatch(run)).toEqual(analyzeBatch(batch));
  });

  it("says of an unfinished journal what is missing", async () => {
    const journal = await journalPath();
    const abort = new AbortController();
    const playing = evaluate(new FakeKestra().client(), matrix, {
      ...{ journal, agents, tickMs: 1, signal: abort.signal },
      onProgress: ({ done }) => {
        if (done === 3) abort.abort(new Error("enough"));
      },
    });
    await expect(playing).rejects.toThrow("enough");
    const run = parseRun(`${await readFile(journal, "utf8")}{"kind":"row","iden`);
    expect(run.rows.map(({ state }) => state).sort()).toEqual([
      ...["NEVER_PLAYED", "SUCCESS", "SUCCESS", "SUCCESS"],
    ]);
    expect(analyzeBatch(run).missing[0]?.reason).toBe("the journal has no row of this match yet");
    expect(run.agents).toEqual(agents);
  });

  it("reads a batch, rows, rows by line, and the rows file of the flow, as the same rows", async () => {
    const lost = lostRow(["r1", "b1", "t1"], 9);
    const rows = [...simulateRows(truth), lost];
    const lines = rows.map((row) => JSON.stringify(row)).join("\n");
    const texts = [
      JSON.stringify({ rows, agents, provenance: { playedAt: "2026-11-01T00:00:00Z" } }),
      JSON.stringify({ executionId: "e1", ok: true, result: { rows } }),
      JSON.stringify(rows, null, 2),
      `${lines}\n`,
      await toRowsFile(rows).text(),
    ];
    for (const text of texts) expect(parseRun(text).rows).toEqual(rows);
    expect(parseRun(texts[0] as string)).toMatchObject({ agents, editedAgents: [] });
    expect(parseRun(JSON.stringify(lost)).rows).toEqual([lost]);
  });

  it.each([
    ["", /has no row/],
    ["[]", /has no row/],
    ["dear diary,\ntoday", /\[0\]: is no JSON/],
    ['[{"redAgentId":"r1"}]', /\[0\]: is no row of a batch/],
    ['{"version":1,"overall":{}}', /is no row of a batch/],
    ['{"red_agent_id":"r1"}', /invalid|expected/i],
    ['{"kind":"journal","version":2,"id":"x"}', /no journal of this version/],
  ])("refuses %j and says why", (text, reason) => {
    expect(() => parseRun(text)).toThrow(reason);
  });
});
