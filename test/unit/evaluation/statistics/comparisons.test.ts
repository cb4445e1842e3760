import { describe, expect, it } from "vitest";
import { hysteresis } from "../../../../src/evaluation/statistics/hysteresis.ts";
import { latinTriples } from "../../../../src/evaluation/statistics/latin.ts";
import { mcnemar } from "../../../../src/evaluation/statistics/mcnemar.ts";
import { holm } from "../../../../src/evaluation/statistics/multiple-testing.ts";
import { pairedDifference } from "../../../../src/evaluation/statistics/paired-difference.ts";
import { severityShift } from "../../../../src/evaluation/statistics/severity-shift.ts";
import { signFlipTest } from "../../../../src/evaluation/statistics/sign-flip.ts";
import { expectClose, vectors } from "../vectors.ts";

describe("pairedDifference", () => {
  const vector = vectors.paired_difference;
  const cells = Object.keys(vector.baseline).map((cell) => ({
    cell,
    baseline: vector.baseline[cell as "r1|b1|t1"],
    candidate: vector.candidate[cell as "r1|b1|t1"],
    cluster: cell.slice(0, cell.lastIndexOf("|")),
  }));
  const result = pairedDifference(cells);

  it("agrees with the vector", () => {
    for (const [index, value] of vector.d.entries()) {
      expectClose(result.differences[index]?.difference, value);
    }
    expectClose(result.mean, vector.mean);
    expectClose(result.standardError, vector.se);
    expect(result.degrees).toBe(vector.df);
    expectClose(result.t, vector.t);
    expectClose(result.p, vector.p_t);
    expectClose(result.interval?.low, vector.ci95[0] as number);
    expectClose(result.interval?.high, vector.ci95[1] as number);
    expectClose(result.unpairedError, vector.se_unpaired);
    expectClose(result.clusteredError, vector.se_clustered_by_pair);
  });

  it("flips every sign exactly", () => {
    const test = signFlipTest(result.differences.map(({ difference }) => difference));
    expectClose(test?.p, vector.p_signflip_exact);
    expect(test?.extreme).toBe(vector.signflip_count);
    expect(test?.isExact).toBe(true);
  });

  it("has no error from one cell and no mean from none", () => {
    expect(pairedDifference(cells.slice(0, 1)).interval).toBeNull();
    expect(pairedDifference([]).mean).toBeNull();
  });

  it("leaves out a cell that one run lacks", () => {
    const lost = { cell: "lost", baseline: [1, 1], candidate: [] };
    expect(pairedDifference([...cells, lost]).mean).toBe(result.mean);
  });
});

describe("signFlipTest", () => {
  it("samples flips beyond sixteen differences, the same for any order", () => {
    const differences = Array.from({ length: 20 }, (_, i) => (i % 5) / 10 - 0.1);
    const test = signFlipTest(differences);
    expect(test?.isExact).toBe(false);
    expect(signFlipTest(differences.toReversed())).toEqual(test);
    expect(test?.p).toBeLessThan(0.05);
  });

  it("says nothing without differences", () => {
    expect(signFlipTest([])).toBeNull();
  });
});

describe("mcnemar", () => {
  it.each(vectors.mcnemar.cases)("agrees with statsmodels for $b against $c", (vector) => {
    const result = mcnemar(vector.b, vector.c);
    expectClose(result?.exact, vector.p_exact);
    expectClose(result?.midP, vector.p_mid);
    expectClose(result?.chiSquare, vector.chi2_cc);
    expectClose(result?.chiSquareP, vector.p_chi2_cc);
  });

  it("says nothing when nothing changed", () => {
    expect(mcnemar(0, 0)).toBeNull();
  });
});

describe("holm", () => {
  it("agrees with statsmodels, in the order given", () => {
    const { p, holm: expectedHolm } = vectors.multiple;
    const shuffled = [4, 0, 3, 1, 2];
    const pick = (values: readonly number[]) => shuffled.map((i) => values[i] as number);
    holm(pick(p)).forEach((value, i) => {
      expectClose(value, pick(expectedHolm)[i] as number);
    });
  });
});

describe("severityShift", () => {
  it("agrees with scipy where values tie", () => {
    const vector = vectors.severity_shift;
    const shift = severityShift(vector.x, vector.y);
    expectClose(shift?.cliffsDelta, vector.cliffs_delta);
    expectClose(shift?.u, vector.U);
    expectClose(shift?.p, vector.p);
  });

  it("sees no shift among equal values and says nothing without values", () => {
    expect(severityShift([5, 5], [5])?.p).toBe(1);
    expect(severityShift([], [5])).toBeNull();
  });
});

describe("hysteresis", () => {
  it("raises and clears as in the vector", () => {
    const { values, up, down, need, firing } = vectors.alert_hysteresis;
    expect(hysteresis(values, { raiseAt: up, clearUnder: down, checks: need })).toEqual(firing);
  });
});

describe("latinTriples", () => {
  it("lets every pair of two sides meet once", () => {
    expect(latinTriples(vectors.latin.n)).toEqual(vectors.latin.triples);
  });
});
