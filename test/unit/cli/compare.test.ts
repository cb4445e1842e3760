import { describe, expect, it } from "vitest";
import { simulateRows, truth } from "../evaluation/support.ts";
import { createEvaluationBench } from "./evaluation-bench.ts";

const stronger = { ...truth, red: { r1: 2.8, r2: 2, r3: 1.2 } };
const settings = { repetitions: 12, matchDeviation: 0.2 };

async function arrange() {
  const bench = await createEvaluationBench();
  const before = await bench.write("before.json", simulateRows(truth, settings));
  const same = await bench.write("same.json", simulateRows(truth, { ...settings, seed: 9 }));
  const worse = await bench.write("worse.json", simulateRows(stronger, { ...settings, seed: 9 }));
  const few = await bench.write(
    "few.json",
    simulateRows(truth, { seed: 3, repetitions: 1, attacks: 4 }),
  );
  return { ...bench, before, same, worse, few };
}

describe("compare", () => {
  it("says how two runs differ, and ends with 0 whatever it is", async () => {
    const { run, before, worse } = await arrange();
    const { code, stdout } = await run(["compare", before, worse]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Attack success rate \+\d+\.\d pp from baseline to candidate/);
    expect(stdout).not.toContain("Gate");
    const { json } = await run(["compare", before, worse, "--json", "--confidence", "0.9"]);
    expect(json).toMatchObject({ version: 1, confidence: 0.9 });
  });

  it("passes with 0, fails with 1, and ends with 2 when the runs cannot tell", async () => {
    const { run, before, same, worse, few } = await arrange();
    const gate = (candidate: string, ...args: string[]) =>
      run(["compare", before, candidate, "--gate", ...args]);
    const pass = await gate(same, "--margin", "10pp");
    expect([pass.code, pass.stdout.trim().split("\n").at(-1)]).toEqual([
      ...[0, expect.stringMatching(/^Gate: pass\. The whole interval/)],
    ]);
    expect((await gate(worse)).code).toBe(1);
    expect((await gate(worse, "--worse", "lower")).code).toBe(0);
    const unclear = await gate(few, "--margin", "0.02", "--json");
    expect(unclear.code).toBe(2);
    expect(unclear.json).toMatchObject({ answer: "inconclusive", margin: 0.02 });
    expect(unclear.json.moreMatches).toBeGreaterThan(0);
  });

  it("writes JUnit, HTML and Markdown", async () => {
    const { run, before, worse, path, read } = await arrange();
    const { stdout } = await run([
      ...["compare", before, worse, "--gate", "--junit", path("gate.xml")],
      ...["--html", path("r.html"), "--markdown", path("r.md")],
    ]);
    expect(stdout).toContain(`The answer as JUnit: ${path("gate.xml")}`);
    expect(await read("gate.xml")).toContain('<failure message="');
    expect(await read("r.html")).toContain("Compared with the baseline");
    expect(await read("r.md")).toContain("# Compared with the baseline");
  });

  it("pairs an agent with the one that it stands for", async () => {
    const { run, before, write } = await arrange();
    const tuned = { ...truth, blue: { tuned: 1.6, b2: -0.6 } };
    const after = await write("after.json", simulateRows(tuned, { ...settings, seed: 4 }));
    const apart = await run(["compare", before, after, "--json"]);
    const paired = await run(["compare", before, after, "--stands-for", "tuned=b1", "--json"]);
    expect([apart.json.cells.length, paired.json.cells.length]).toEqual([6, 12]);
    expect(paired.json.difference.mean).toBeLessThan(0);
  });

  it("names the agents as the runs or the arena know them", async () => {
    const { run, arena, write } = await createEvaluationBench();
    const ids = (type: string, count: number) =>
      arena.agents.filter((agent) => agent.type === type).slice(0, count);
    const strengths = (type: string, count: number) =>
      Object.fromEntries(ids(type, count).map(({ id }, index) => [id, index]));
    const rows = simulateRows({
      red: strengths("red", 2),
      blue: strengths("blue", 2),
      target: strengths("target", 1),
    });
    const path = await write("rows.json", rows);
    const { stdout } = await run(["compare", path, path, "--arena-url", arena.url]);
    expect(stdout).toContain(ids("red", 1)[0]?.name);
  });

  it.each([
    [["--margin", "0.1"], "--margin is of the gate: give --gate, too."],
    [["--junit", "x.xml"], "--junit is of the gate"],
    [["--gate", "--margin", "5"], "Give a fraction such as 0.05, or points such as 5pp."],
    [["--gate", "--margin", "much"], "Give a fraction"],
    [["--gate", "--junit", "/no-such-folder/x.xml"], "there is no folder"],
    [["--stands-for", "tuned"], "Give it as name=value."],
  ])("ends with 2 for %j, and prints no answer", async (args, message) => {
    const { run, before, same } = await arrange();
    const { code, stdout, stderr } = await run(["compare", before, same, ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
