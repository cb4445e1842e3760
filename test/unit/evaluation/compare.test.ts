import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/evaluation/analysis/analyze.ts";
import { compare } from "../../../src/evaluation/comparison/compare.ts";
import { gate } from "../../../src/evaluation/comparison/gate.ts";
import { comparisonRemarks } from "../../../src/evaluation/report/comparison-tables.ts";
import { lostRow, metricsOf, row, simulateRows, truth } from "./support.ts";
import { expectClose, vectors } from "./vectors.ts";

const vectorRows = (run: Record<string, number[]>) =>
  Object.entries(run).flatMap(([cell, results]) =>
    results.map((success, index) =>
      row(cell.split("|") as [string, string, string], index + 1, success, 1),
    ),
  );
const baseline = vectorRows(vectors.paired_difference.baseline);
const candidate = vectorRows(vectors.paired_difference.candidate);

const weaker = { ...truth, blue: { b1: 0.6 - 1.2, b2: -0.6 - 1.2 } };

describe("compare", () => {
  it("pairs runs by cell as in the vector", () => {
    const { difference } = compare(baseline, candidate);
    expectClose(difference.mean, vectors.paired_difference.mean);
    expectClose(difference.standardError, vectors.paired_difference.se);
    expectClose(difference.p, vectors.paired_difference.p_t);
    expectClose(difference.interval?.low, vectors.paired_difference.ci95[0] as number);
    expectClose(difference.signFlip?.p, vectors.paired_difference.p_signflip_exact);
    expect(difference.basis).toBe("cells");
  });

  it("says what it needs to a notebook that gives it an analysis for its rows", () => {
    const analysis = analyze(baseline) as never;
    const message = "must be an array of rows, such as the `rows` of a run";
    expect(() => compare(analysis, candidate)).toThrow(`The baseline: ${message}`);
    expect(() => gate(baseline, analysis, 0.05)).toThrow(`The candidate: ${message}`);
    expect(() => analyze(analysis)).toThrow(`What is analysed: ${message}`);
  });

  it("refuses a confidence that no interval has", () => {
    const options = { confidence: 95 };
    expect(() => compare(baseline, candidate, options)).toThrow(/confidence: must be a fraction/);
    expect(() => gate(baseline, candidate, 0.05, options)).toThrow(
      /confidence: must be a fraction/,
    );
  });

  it("finds no difference between a run and itself", () => {
    const rows = simulateRows(truth);
    const comparison = compare(rows, rows);
    expect(comparison.difference.mean).toBe(0);
    expect(comparison.attackTypes[0]?.isDifferent).toBe(false);
    expect(comparison.severity?.cliffsDelta).toBe(0);
  });

  it("takes the error from the matches where there are few cells", () => {
    const run = (successes: number[]) =>
      successes.map((success, i) => row(["r", "b", "t"], i + 1, success));
    const { difference } = compare(run([4, 6, 5, 5]), run([9, 11, 10, 10]));
    expect(difference.basis).toBe("matches");
    expectClose(difference.mean, 0.25);
    expect(difference.interval?.low).toBeGreaterThan(0.1);
    expect(difference.degrees).toBe(6);
  });

  it("pairs a tuned agent with the one that it stands for", () => {
    const tuned = simulateRows({ ...truth, blue: { tuned: 1.4 } }, { seed: 2 });
    const original = simulateRows({ ...truth, blue: { b1: 0.6 } });
    expect(compare(original, tuned).difference.mean).toBeNull();
    const paired = compare(original, tuned, { standsFor: { tuned: "b1" } });
    expect(paired.cells).toHaveLength(6);
    expect(paired.difference.mean).toBeLessThan(0);
  });

  it("names cells that it could not compare, and bounds what is missing", () => {
    const before = [row(["r", "b", "t"], 1, 4), row(["r", "b", "u"], 1, 4)];
    const after = [row(["r", "b", "t"], 1, 6), lostRow(["r", "b", "t"], 2)];
    const comparison = compare(before, after);
    expect(comparison.unpaired).toEqual([
      { redAgentId: "r", blueAgentId: "b", targetAgentId: "u", onlyIn: "baseline" },
    ]);
    expect(comparison.candidate.missing).toBe(1);
    expectClose(comparison.missingBounds?.low, 0.15 - 0.2);
    expectClose(comparison.missingBounds?.high, 0.65 - 0.2);
  });

  it("counts matches without a decided attack, which have no rate to compare", () => {
    const undecided = { metrics: metricsOf({ processed: 3 }) };
    const before = [row(["r", "b", "t"], 1, 4), row(["r", "b", "t"], 2, 0, 3, undecided)];
    const after = [row(["r", "b", "t"], 1, 6)];
    const comparison = compare(before, after);
    expect(comparison.baseline).toMatchObject({ matches: 1, missing: 0, undecided: 1 });
    expect(comparison.candidate).toMatchObject({ matches: 1, missing: 0, undecided: 0 });
    expectClose(comparison.difference.mean, 0.1);
    expect(comparisonRemarks(comparison)).toEqual([
      "1 match of the two runs had no decided attack and was not compared.",
    ]);
  });

  it("notices an agent that was edited between the runs", () => {
    const agent = {
      id: "b",
      type: "blue",
      name: "Bastion",
      version: "1",
      promptHash: "aa",
    } as const;
    const { changedAgents } = compare([], [], {
      baselineAgents: [agent],
      agents: [{ ...agent, promptHash: "bb" }],
    });
    expect(changedAgents).toEqual([
      { agentId: "b", name: "Bastion", what: "prompt", baseline: "aa", candidate: "bb" },
    ]);
  });

  it("compares breaches match by match only when the runs were seeded alike", () => {
    expect(compare(baseline, candidate).breaches).toBeNull();
    expect(compare(baseline, candidate, { isSeeded: true }).breaches?.exact).toBeLessThan(1);
  });

  it("corrects the attack types for being many", () => {
    const typed = (shift: number) =>
      simulateRows(truth, { repetitions: 4 }).map((r, i) => ({
        ...r,
        metrics: metricsOf(
          { success: 6, blocked: 14 },
          {
            jailbreak: { attempts: 10, successes: 2 + shift + (i % 2) },
            injection: { attempts: 10, successes: 3 + (i % 3) },
          },
        ),
      }));
    const { attackTypes } = compare(typed(0), typed(5));
    expect(attackTypes.map(({ attackType, isDifferent }) => [attackType, isDifferent])).toEqual([
      ["jailbreak", true],
      ["injection", false],
    ]);
  });
});

describe("gate", () => {
  const before = simulateRows(truth, { repetitions: 6 });

  it("fails a candidate that is worse by more than the margin", () => {
    const result = gate(before, simulateRows(weaker, { repetitions: 6, seed: 2 }), 0.05);
    expect(result).toMatchObject({ answer: "fail", exitCode: 1 });
  });

  it("passes a candidate that is within the margin", () => {
    const result = gate(before, simulateRows(truth, { repetitions: 6, seed: 3 }), 0.15);
    expect(result).toMatchObject({ answer: "pass", exitCode: 0 });
  });

  it("passes an attacker that got better where lower is worse", () => {
    const after = simulateRows(weaker, { repetitions: 6, seed: 2 });
    expect(gate(before, after, 0.05, { worse: "lower" }).answer).toBe("pass");
    expect(gate(after, before, 0.05, { worse: "lower" }).answer).toBe("fail");
  });

  it("does not decide what the runs cannot tell, and says about how many matches would", () => {
    const few = { repetitions: 1, attacks: 5 };
    const result = gate(simulateRows(truth, few), simulateRows(truth, { ...few, seed: 9 }), 0.02);
    expect(result).toMatchObject({ answer: "inconclusive", exitCode: 2 });
    expect(result.moreMatches).toBeGreaterThan(0);
    expect(result.reasons.join(" ")).toMatch(/more matches of both runs together would decide/);
  });

  it("does not pass on the survivors alone", () => {
    const after = simulateRows(truth, { repetitions: 6, seed: 3 });
    const lossy = after.map((r) =>
      r.repetition > 2 ? lostRow([r.redAgentId, r.blueAgentId, r.targetAgentId], r.repetition) : r,
    );
    const result = gate(before, lossy, 0.15);
    expect(result.answer).toBe("inconclusive");
    expect(result.reasons.join(" ")).toMatch(/without a result could turn the answer/);
  });

  it("speaks of one match that could turn the answer as of one", () => {
    const cell = ["r", "b", "t"] as const;
    const alike = [1, 2, 3, 4, 5].map((repetition) => row(cell, repetition, 4));
    const { reasons, moreMatches } = gate(alike, [...alike.slice(1), lostRow(cell, 1)], 0.05);
    expect(reasons).toEqual(["1 match without a result could turn the answer: play it first."]);
    expect(moreMatches).toBe(1);
  });

  it("fails on one attack type that got worse, whatever the mean", () => {
    const typed = (jailbreak: number, injection: number) =>
      before.map((r, i) => ({
        ...r,
        metrics: metricsOf(
          { success: 6, blocked: 14 },
          {
            jailbreak: { attempts: 10, successes: jailbreak + (i % 2) },
            injection: { attempts: 10, successes: injection + (i % 2) },
          },
        ),
      }));
    const result = gate(typed(1, 6), typed(6, 1), 0.05);
    expect(result.answer).toBe("fail");
    expect(result.worseAttackTypes.map(({ attackType }) => attackType)).toEqual(["jailbreak"]);
  });

  it("decides nothing over runs without a cell in common", () => {
    const result = gate([row(["r", "b", "t"], 1, 1)], [row(["r", "b", "u"], 1, 1)], 0.05);
    expect(result).toMatchObject({ answer: "inconclusive", moreMatches: null });
  });

  it.each([-0.1, 5, Number.NaN])("refuses a margin of %s", (margin) => {
    expect(() => gate(before, before, margin)).toThrow(/margin: must be a fraction/);
  });
});
