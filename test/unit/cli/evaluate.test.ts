import { describe, expect, it } from "vitest";
import { createEvaluationBench } from "./evaluation-bench.ts";

const uuid = (digit: number) => `${String(digit).repeat(8)}-1111-4111-8111-111111111111`;
const combination = { redAgentId: uuid(1), blueAgentId: uuid(2), targetAgentId: uuid(3) };

describe("evaluate", () => {
  it("prints the plan first, plays the matrix, and says what came of it", async () => {
    const { run, arena, kestra } = await createEvaluationBench();
    const { code, stdout, stderr } = await run([
      ...["evaluate", "--arena-url", arena.url, "--mode", "quick", "--concurrency", "2"],
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^12 matches: 4 combinations, 3 each, 5 rounds a match \(quick\)\./);
    expect(stderr).toContain("About 42 s at 2 at a time; 84 s where the arena plays one");
    expect(stderr).toMatch(/a red agent +6 +30 +± 25\.1 pp +none/);
    expect(stderr).toContain("Started batch-1: http://kestra.invalid/batch-1");
    expect(stderr).toContain("12/12 matches\n");
    expect(stdout).toContain("Red agents: attack success rate");
    expect(stdout).toMatch(/12 of 12 matches have a result\.\n$/);
    expect(kestra.batches[0]?.input).toMatchObject({ mode: "quick", concurrency: 2 });
  });

  it("plays nothing in a dry run", async () => {
    const { run, arena, kestra } = await createEvaluationBench();
    const dry = await run(["evaluate", "--dry-run", "--arena-url", arena.url, "--json"]);
    expect(dry.code).toBe(0);
    expect(dry.json).toMatchObject({ plan: { matches: 12, mode: "standard" } });
    expect(dry.json.matrix.combinations).toHaveLength(4);
    const plain = await run(["evaluate", "--dry-run", "--arena-url", arena.url]);
    expect(plain.stdout).toMatch(/^12 matches[\s\S]+Nothing was played\.\n$/);
    expect(kestra.batches).toEqual([]);
  });

  it("takes agents by id and by name, and says which there are when one is not there", async () => {
    const { run, arena } = await createEvaluationBench();
    const [red, other] = arena.agents.filter(({ type }) => type === "red");
    const [blue] = arena.agents.filter(({ type }) => type === "blue");
    const dry = (...args: string[]) =>
      run(["evaluate", "--dry-run", "--json", "--arena-url", arena.url, ...args]);
    const one = await dry("--red", red?.name ?? "", "--blue", blue?.id ?? "", "--matches", "7");
    expect(one.json.matrix).toEqual({
      combinations: [
        { redAgentId: red?.id, blueAgentId: blue?.id, targetAgentId: expect.any(String) },
      ],
      matchesPerCombination: 7,
    });
    const unknown = await dry("--red", "Nobody");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("The arena has no red agent Nobody. It has: ");
    expect(unknown.stderr).toContain(other?.name);
    const wrongSide = await dry("--red", blue?.name ?? "");
    expect(wrongSide.stderr).toContain(`${blue?.name} is a blue agent, not a red one.`);
  });

  it("plays a file's combinations, without the arena, and the options stand above the file", async () => {
    const { run, kestra, write } = await createEvaluationBench();
    const path = await write("batch.json", {
      ...{ agentCombinations: [combination], matchesPerCombination: 2, mode: "deep" },
    });
    const played = await run([
      ...["evaluate", "--no-arena", "--matrix", path, "--mode", "quick", "--json"],
    ]);
    expect(played.code).toBe(0);
    expect(kestra.batches[0]?.input).toMatchObject({ mode: "quick", matchesPerCombination: 2 });
    expect(played.json).toMatchObject({
      isComplete: true,
      plan: { matches: 2 },
      analysis: { version: 1, overall: { matches: 2 } },
      files: [],
    });
    const list = await run(["evaluate", "--no-arena", "--matrix", "-", "--dry-run", "--json"], {
      stdin: JSON.stringify([combination]),
    });
    expect(list.json.plan.matches).toBe(3);
  });

  it("writes every kind of report, and compares with an earlier run", async () => {
    const { run, path, read, write } = await createEvaluationBench();
    const matrix = await write("matrix.json", [combination]);
    const args = ["evaluate", "--no-arena", "--matrix", matrix];
    await run([...args, "--rows", path("before.json")]);
    const { code, stdout } = await run([
      ...[...args, "--baseline", path("before.json"), "--title", "Tonight"],
      ...["html", "markdown", "csv", "parquet", "rows", "analysis"].flatMap((kind) => [
        ...[`--${kind}`, path(kind)],
      ]),
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`The report: ${path("html")}\n`);
    expect(stdout).toContain("Attack success rate 0.0 pp from baseline to candidate");
    expect(await read("html")).toMatch(/<h1>Tonight<\/h1>[\s\S]+Compared with the baseline/);
    expect(await read("markdown")).toContain("# Compared with the baseline");
    expect((await read("csv")).trim().split("\n")).toHaveLength(4);
    expect((await read("parquet")).slice(0, 4)).toBe("PAR1");
    expect(JSON.parse(await read("rows"))).toHaveLength(3);
    expect(JSON.parse(await read("analysis"))).toMatchObject({ overall: { matches: 3 } });
  });

  it("says at Ctrl-C what runs on, and the same command takes it up", async () => {
    const { run, arena, kestra, path } = await createEvaluationBench();
    const journal = path("nightly.jsonl");
    const args = ["evaluate", "--arena-url", arena.url, "--journal", journal];
    const interrupt = new AbortController();
    kestra.endsPerLook = 0;
    const stop = () => {
      if (kestra.batches.length > 0) interrupt.abort();
      else setImmediate(stop);
    };
    stop();
    const stopped = await run(args, { interrupt: interrupt.signal });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("Batch batch-1 runs on in Kestra. The same command takes it");
    expect(stopped.stderr).toContain('"kestra-arena cancel batch-1" ends it.');
    kestra.endsPerLook = 100;
    const again = await run(args);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("Taken up batch-1");
    const third = await run(args);
    expect(third.stderr).toContain(`12 of 12 matches have a result in ${journal} already.`);
    expect(third.stdout).toContain("12 of 12 matches have a result, 12 of them from before.");
    expect(kestra.matches).toHaveLength(12);
  });

  it("kills the batch at Ctrl-C when it was told to", async () => {
    const { run, arena, kestra } = await createEvaluationBench();
    const interrupt = new AbortController();
    kestra.endsPerLook = 0;
    const stop = () => {
      if (kestra.batches.length > 0) interrupt.abort();
      else setImmediate(stop);
    };
    stop();
    const { stderr } = await run(["evaluate", "--arena-url", arena.url, "--kill-on-interrupt"], {
      interrupt: interrupt.signal,
    });
    expect(stderr).toContain("Kestra was told to kill batch-1 with all its matches.");
    expect(kestra.batches[0]?.state).toBe("KILLED");
  });

  it("ends with 1 when a match has no result, and says why", async () => {
    const { run, kestra, write } = await createEvaluationBench();
    kestra.failures.set(JSON.stringify(Object.values(combination)), 1);
    const matrix = await write("matrix.json", [combination]);
    const { code, stdout } = await run(["evaluate", "--no-arena", "--matrix", matrix]);
    expect(code).toBe(1);
    expect(stdout).toContain("the arena did not answer");
    expect(stdout).toContain("2 of 3 matches have a result.\nThe same command with the same");
  });

  it("writes the report without transcripts when the arena has none by then", async () => {
    const { run, arena, path, read } = await createEvaluationBench();
    // The sample arena does not know the matches that the fake Kestra made up.
    const { code, stderr } = await run([
      ...["evaluate", "--arena-url", arena.url, "--html", path("report.html")],
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain("The report does without transcripts: The arena answered GET");
    expect(await read("report.html")).toContain("<h1>Arena evaluation</h1>");
  });

  it.each([
    [["--html", "/no-such-folder/report.html"], "there is no folder /no-such-folder"],
    [["--journal", "/no-such-folder/j.jsonl"], "there is no folder /no-such-folder"],
    [["--baseline", "/no-such-file"], "/no-such-file cannot be read"],
    [["--matrix", "/no-such-file"], "/no-such-file cannot be read"],
    [["--matrix", "-"], "- holds no JSON"],
    [["--matrix", "-", "--red", "Rook"], "Give --matrix, or --red"],
    [["--red", "Rook"], "Rook is no agent's id, and without the arena no name is known"],
    [[], "The arena is not asked: name at least one with --red."],
    [["--matches", "0"], "Give a whole number from 1."],
    [["--mode", "fast"], "Allowed choices are quick, standard, deep, continuous"],
    [["--count", "detected=maybe"], "one of success, failure, undecided"],
    [["--confidence", "95"], "Give a fraction from 0.5 to under 1"],
  ])("ends with 2 for %j and plays nothing", async (args, message) => {
    const { run, kestra } = await createEvaluationBench();
    const { code, stdout, stderr } = await run(["evaluate", "--no-arena", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(kestra.batches).toEqual([]);
  });

  it.each([
    [{}, "must hold a list of combinations"],
    [[{ redAgentId: uuid(1) }], "combination 1 has no blueAgentId"],
    [{ combinations: [combination], rounds: 5 }, "rounds is not a part of a matrix"],
    [{ combinations: [combination], mode: "fast" }, "mode must be one of quick"],
    [{ combinations: [combination], mode: "continuous" }, "maxRounds: must be a whole number"],
    [{ combinations: [combination], matchesPerCombination: "many" }, "matchesPerCombination"],
  ])("ends with 2 for a file of %j", async (matrix, message) => {
    const { run } = await createEvaluationBench();
    const { code, stderr } = await run(["evaluate", "--no-arena", "--matrix", "-"], {
      stdin: JSON.stringify(matrix),
    });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
