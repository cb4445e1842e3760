import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { bySide } from "../../../src/evaluation/agents.ts";
import { explicit, latin, roundRobin } from "../../../src/evaluation/combinations.ts";
import { plan } from "../../../src/evaluation/plan.ts";
import { renderPlan } from "../../../src/evaluation/report/plan-text.ts";

const sides = { red: ["r1", "r2", "r3"], blue: ["b1", "b2", "b3"], target: ["t1", "t2", "t3"] };

describe("roundRobin", () => {
  it("lets every red play every blue on every target, once", () => {
    const all = roundRobin(sides);
    expect(all).toHaveLength(27);
    expect(new Set(all.map((c) => JSON.stringify(c))).size).toBe(27);
  });

  it("takes agents in full and keeps what the filter keeps", () => {
    const agents = bySide([
      { id: "r1", type: "red", name: "Ember" },
      { id: "b1", type: "blue" },
      { id: "t1", type: "target" },
      { id: "t2", type: "target" },
    ]);
    const kept = roundRobin(agents, { where: ({ targetAgentId }) => targetAgentId !== "t1" });
    expect(kept).toEqual([{ redAgentId: "r1", blueAgentId: "b1", targetAgentId: "t2" }]);
  });

  it("names the empty side", () => {
    expect(() => roundRobin({ ...sides, blue: [] })).toThrow(/blue: name at least one blue agent/);
  });

  it("refuses a filter that keeps nothing", () => {
    expect(() => roundRobin(sides, { where: () => false })).toThrow(InputError);
  });
});

describe("latin", () => {
  it("lets every two agents of equal sides meet exactly once", () => {
    const all = latin(sides);
    expect(all).toHaveLength(9);
    for (const [a, b] of [
      ["redAgentId", "blueAgentId"],
      ["redAgentId", "targetAgentId"],
      ["blueAgentId", "targetAgentId"],
    ] as const) {
      expect(new Set(all.map((c) => `${c[a]}|${c[b]}`)).size).toBe(9);
    }
  });

  it("lets every two agents of unequal sides meet at least once", () => {
    const size = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(size, size, size, (reds, blues, targets) => {
        const ids = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => prefix + i);
        const all = latin({
          red: ids("r", reds),
          blue: ids("b", blues),
          target: ids("t", targets),
        });
        const met = (a: "redAgentId" | "blueAgentId", b: "blueAgentId" | "targetAgentId") =>
          new Set(all.map((c) => `${c[a]}|${c[b]}`)).size;
        expect(met("redAgentId", "blueAgentId")).toBe(reds * blues);
        expect(met("redAgentId", "targetAgentId")).toBe(reds * targets);
        expect(met("blueAgentId", "targetAgentId")).toBe(blues * targets);
      }),
    );
  });
});

describe("explicit", () => {
  it("keeps the order and drops repeats", () => {
    const one = { redAgentId: "r", blueAgentId: "b", targetAgentId: "t" };
    const two = { ...one, targetAgentId: "u" };
    expect(explicit([two, one, { ...two }])).toEqual([two, one]);
  });

  it("refuses an empty list", () => {
    expect(() => explicit([])).toThrow(/list at least one/);
  });
});

describe("plan", () => {
  const combinations = roundRobin(sides);

  it("counts matches and time, at the concurrency and one at a time", () => {
    const result = plan({ combinations, matchesPerCombination: 2 }, { concurrency: 6 });
    expect(result).toMatchObject({
      combinations: 27,
      matches: 54,
      roundsPerMatch: 20,
      secondsPerMatch: 42,
      wallSeconds: 9 * 42,
      oneAtATimeSeconds: 54 * 42,
    });
  });

  it("knows the length of each mode and of a stopped match", () => {
    const rounds = (matrix: object) => plan({ combinations, ...matrix }).roundsPerMatch;
    expect(rounds({ mode: "quick" })).toBe(5);
    expect(rounds({ mode: "deep" })).toBe(50);
    expect(rounds({ mode: "deep", maxRounds: 8 })).toBe(8);
    expect(rounds({ mode: "continuous", maxRounds: 30 })).toBe(30);
  });

  it("expects narrower intervals and smaller visible differences from more matches", () => {
    const few = plan({ combinations, matchesPerCombination: 2 }).precision;
    const many = plan({ combinations, matchesPerCombination: 20 }).precision;
    expect(many.red.halfWidth).toBeLessThan(few.red.halfWidth ?? 0);
    expect(many.red.detectableDifference).toBeLessThan(few.red.detectableDifference ?? 0);
    expect(few.red.matches).toBe(18);
    expect(few.overall.effectiveAttacks).toBeLessThan(few.overall.attacks);
  });

  it("shows itself as text and as a table", () => {
    const shown = plan({ combinations, matchesPerCombination: 2 }, { concurrency: 6 });
    expect(inspect(shown)).toMatch(
      /^54 matches: 27 combinations, 2 each, 20 rounds a match \(standard\)\.\nAbout 6 min at 6/,
    );
    expect(inspect(shown)).toContain("38 min where the arena plays one match at a time");
    expect(renderPlan(shown)).toBe(inspect(shown));
    expect(shown.toHTML()).toContain("<caption>What it can tell, where 30 % of the attacks");
    expect(JSON.parse(JSON.stringify(shown))).toEqual({ ...shown });
  });

  it("expects nothing of a single match", () => {
    const { precision } = plan({ combinations, matchesPerCombination: 1 });
    expect(precision.combination.halfWidth).toBeNull();
  });

  it("refuses a rate or a correlation in percent, of which it would make no widths", () => {
    expect(() => plan({ combinations }, { expectedSuccessRate: 30 })).toThrow(
      "expectedSuccessRate: must be a fraction from 0 to 1, such as 0.3; it is 30",
    );
    expect(() => plan({ combinations }, { correlation: 20 })).toThrow(/correlation: must be/);
  });

  it("refuses a continuous match without an end, and no combinations", () => {
    expect(() => plan({ combinations, mode: "continuous" })).toThrow(/maxRounds/);
    expect(() => plan({ combinations: [] })).toThrow(/combinations: list at least one/);
  });
});
