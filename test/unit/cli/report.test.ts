import { describe, expect, it } from "vitest";
import { lostRow, row, simulateRows, truth } from "../evaluation/support.ts";
import { createEvaluationBench } from "./evaluation-bench.ts";

const rows = simulateRows(truth);

describe("report", () => {
  it("shows rows as tables, and as JSON, CSV, Markdown and HTML on standard output", async () => {
    const { run, write } = await createEvaluationBench();
    const path = await write("rows.json", rows);
    const tables = await run(["report", path]);
    expect(tables.code).toBe(0);
    expect(tables.stdout).toContain("Red agents: attack success rate");
    expect((await run(["report", path, "--json"])).json).toMatchObject({ version: 1 });
    expect((await run(["report", path, "--format", "json"])).json).toMatchObject({ version: 1 });
    const csv = await run(["report", path, "--format", "csv"]);
    expect(csv.stdout.trimEnd().split("\n")).toHaveLength(rows.length + 1);
    expect((await run(["report", path, "--format", "markdown"])).stdout).toMatch(/^# Arena eval/);
    const page = await run(["report", path, "--format", "html", "--title", "Ours", "--no-charts"]);
    expect(page.stdout).toMatch(/^<!doctype html>[\s\S]+<h1>Ours<\/h1>/);
    expect(page.stdout).not.toContain('<figure class="chart">');
  });

  it("writes files, and then prints a sentence and where they are", async () => {
    const { run, write, path, read } = await createEvaluationBench();
    const { stdout } = await run([
      ...["report", await write("rows.json", rows), "--html", path("r.html")],
      ...["--parquet", path("r.parquet")],
    ]);
    expect(stdout).toMatch(/^[\d.]+ % of 720 decided attacks got through/);
    expect(stdout).toContain(`\nThe report: ${path("r.html")}\nThe matches as Parquet: `);
    expect(stdout).not.toContain("Red agents");
    expect(await read("r.html")).toContain('<figure class="chart">');
    expect((await read("r.parquet")).slice(0, 4)).toBe("PAR1");
  });

  it("reads a journal that is not finished, and what evaluate --json printed", async () => {
    const { run, arena, path, write, read } = await createEvaluationBench();
    const played = await run([
      ...["evaluate", "--arena-url", arena.url, "--journal", path("j.jsonl"), "--json"],
    ]);
    const [red] = arena.agents.filter(({ type }) => type === "red");
    const printed = await run(["report", await write("run.json", played.stdout)]);
    expect(printed.stdout).toContain(red?.name);
    const lines = (await read("j.jsonl")).split("\n");
    const half = await run(["report", await write("half.jsonl", lines.slice(0, 8).join("\n"))]);
    expect(half.stdout).toContain("8 more without a result.");
    expect(half.stdout).toContain("the journal has no row of this match yet");
    expect(half.stdout).toContain(red?.name);
  });

  it("asks the arena for names and transcripts when it is told to", async () => {
    const { run, arena, write, path, read } = await createEvaluationBench();
    const id = (type: string) => arena.agents.find((agent) => agent.type === type)?.id ?? "";
    const [redAgentId, blueAgentId, targetAgentId] = [id("red"), id("blue"), id("target")];
    const answer = await fetch(`${arena.url}/api/matches`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ redAgentId, blueAgentId, targetAgentId, mode: "quick" }),
    });
    const { id: matchId } = (await answer.json()) as { id: string };
    const file = await write("rows.json", [
      row([redAgentId, blueAgentId, targetAgentId], 1, 2, 5, { matchId }),
      lostRow([redAgentId, blueAgentId, targetAgentId], 2),
    ]);
    const plain = await run(["report", file]);
    expect(plain.stdout).toContain(redAgentId.slice(0, 8));
    const named = await run([
      ...[
        "report",
        file,
        "--arena-url",
        arena.url,
        "--html",
        path("r.html"),
        "--format",
        "terminal",
      ],
    ]);
    expect(named.stdout).toContain(arena.agents.find((agent) => agent.id === redAgentId)?.name);
    expect(await read("r.html")).toContain("What got through");
  });

  it("counts otherwise without playing again", async () => {
    const { run, write } = await createEvaluationBench();
    const detected = row(["r", "b", "t"], 1, 0);
    if (detected.metrics) {
      detected.metrics.attackOutcomes = {
        ...detected.metrics.attackOutcomes,
        blocked: 10,
        detected: 10,
      };
    }
    const path = await write("rows.json", [detected, row(["r", "b", "t"], 2, 10)]);
    const rate = async (...args: string[]) =>
      (await run(["report", path, "--json", ...args])).json.overall.attacks.rate;
    expect(await rate()).toBe(0.25);
    expect(await rate("--count", "detected=success")).toBe(0.5);
    const { json } = await run(["report", path, "--json", "--confidence", "0.8"]);
    expect(json.confidence).toBe(0.8);
  });

  it("shows an analysis again, and refuses what needs its rows", async () => {
    const { run, write, path } = await createEvaluationBench();
    const source = await write("rows.json", rows);
    await run(["report", source, "--analysis", path("a.json")]);
    const shown = await run(["report", path("a.json")]);
    expect(shown.stdout).toBe((await run(["report", source])).stdout);
    for (const args of [
      ...[
        ["--csv", path("x.csv")],
        ["--count", "detected=success"],
        ["--format", "csv"],
      ],
      ...[["--baseline", source], ["--arena"]],
    ]) {
      const { code, stderr } = await run(["report", path("a.json"), ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain("holds an analysis");
    }
    const compared = await run(["compare", source, path("a.json")]);
    expect(compared.stderr).toContain("holds an analysis. Give the rows, or the journal");
  });

  it("compares with an earlier run", async () => {
    const { run, write } = await createEvaluationBench();
    const later = await write("later.json", simulateRows(truth, { seed: 2 }));
    const { stdout } = await run(["report", later, "--baseline", await write("rows.json", rows)]);
    expect(stdout).toContain("Difference by type of attack");
  });

  it("reads standard input", async () => {
    const { run } = await createEvaluationBench();
    const { stdout } = await run(["report", "-"], { stdin: JSON.stringify(rows) });
    expect(stdout).toContain("720 decided attacks");
  });

  it.each([
    ["dear diary,\ntoday", "-: [0]: is no JSON: give a journal"],
    ['[{"redAgentId": 1}]', "-: [0]: is no row of a batch"],
    ["", "-: has no row"],
  ])("ends with 2 for %j", async (stdin, message) => {
    const { run } = await createEvaluationBench();
    const { code, stdout, stderr } = await run(["report", "-"], { stdin });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
