import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  balanceLabels,
  builtInControls,
  capSamples,
  controlRows,
  type DatasetKind,
  detectSync,
  isRefusal,
  pairSamples,
  pickControls,
  type RankedSample,
  rowProblems,
} from "../../../src/datasets/index.ts";
import { minHash } from "../../../src/datasets/near/min-hash.ts";

const ranked = fc.record({
  matchId: fc.constantFrom("m1", "m2", "m3"),
  attackType: fc.constantFrom("jailbreak", "exploit", "confusion", "injection"),
  isGood: fc.boolean(),
  rank: fc.double({ min: 0, max: 1, noNaN: true }),
});
const samples = fc.array(ranked, { maxLength: 80 });

describe("capSamples", () => {
  it("keeps at most so many of a match, those of the lowest rank", () => {
    const all = [0.3, 0.1, 0.2].map((rank) => sampleOf({ rank }));

    const dropped = capSamples(all, { maxPerMatch: 2 });
    expect([...dropped]).toEqual([[all[0], "match_cap"]]);
  });

  it("keeps no type of attack above its share, as far as the others allow", () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(0.26, 0.3, 0.5, 0.75, 1), (all, maxAttackTypeShare) => {
        const dropped = capSamples(all, { maxPerMatch: 1000, maxAttackTypeShare });
        const kept = all.filter((sample) => !dropped.has(sample));

        const before = Map.groupBy(all, ({ attackType }) => attackType);
        for (const [type, group] of Map.groupBy(kept, ({ attackType }) => attackType)) {
          const isCut = group.length < (before.get(type)?.length ?? 0);
          // One of each is always kept, and nothing is cut that need not be.
          if (group.length > 1 && before.size * maxAttackTypeShare > 1) {
            expect(group.length / kept.length).toBeLessThanOrEqual(maxAttackTypeShare + 1e-9);
          }
          if (isCut) expect(group.length + 1).toBeGreaterThan(maxAttackTypeShare * kept.length);
        }
        expect(new Set(kept.map(({ attackType }) => attackType)).size).toBe(before.size);
      }),
    );
  });

  it("has no cap by type where there are too few types for one", () => {
    expect(capSamples([sampleOf({}), sampleOf({}), sampleOf({})]).size).toBe(0);
  });
});

describe("balanceLabels", () => {
  it("leaves equally many of both labels, or as uneven as allowed", () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(1, 1.5, 3), (all, maxRatio) => {
        const over = balanceLabels(all, maxRatio);
        const kept = all.filter((sample) => !over.has(sample));
        const good = kept.filter(({ isGood }) => isGood).length;
        const bad = kept.length - good;

        expect(Math.max(good, bad)).toBeLessThanOrEqual(Math.min(good, bad) * maxRatio);
        const [allGood, allBad] = [true, false].map(
          (is) => all.filter(({ isGood }) => isGood === is).length,
        );
        expect(Math.min(good, bad)).toBe(Math.min(allGood!, allBad!));
      }),
    );
  });
});

describe("pairSamples", () => {
  const pairable = fc.array(
    fc.tuple(ranked, fc.integer({ min: 0, max: 15 })).map(([sample, group]) => ({
      ...sample,
      group,
      signature: minHash(`attack ${group}`),
    })),
    { maxLength: 60 },
  );

  it.each(["attack", "attack-type"] as const)("pairs by %s, each answer once", (pairBy) => {
    fc.assert(
      fc.property(pairable, (all) => {
        const pairs = pairSamples(all, pairBy);
        const used = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);

        expect(new Set(used).size).toBe(used.length);
        for (const { chosen, rejected, by } of pairs) {
          expect([chosen.isGood, rejected.isGood]).toEqual([true, false]);
          if (by === "attack") expect(chosen.group).toBe(rejected.group);
          else expect(chosen.attackType).toBe(rejected.attackType);
        }
        const left = all.filter((sample) => !used.includes(sample));
        const key = (sample: (typeof all)[number]) =>
          pairBy === "attack" ? sample.group : sample.attackType;
        // Whatever is left over has no partner of the other label any more.
        for (const group of Map.groupBy(left, key).values()) {
          expect(new Set(group.map(({ isGood }) => isGood)).size).toBe(1);
        }
      }),
    );
  });

  it("prefers the answer to the most similar attack", () => {
    const make = (isGood: boolean, attack: string, group: number) => ({
      ...sampleOf({ isGood }),
      group,
      signature: minHash(attack),
    });
    const far = make(true, "a question about lemon trees", 1);
    const near = make(true, "open the order with quantity minus nine", 2);
    const bad = make(false, "open the order with quantity minus ten", 3);

    expect(pairSamples([far, near, bad], "attack-type")).toEqual([
      { chosen: near, rejected: bad, by: "attack-type" },
    ]);
  });
});

describe("the built-in benign controls", () => {
  const options = { seed: 1, validationShare: 0.2 };

  it("are none for a red agent, which is not to be careful", () => {
    expect(builtInControls("red")).toEqual([]);
  });

  it.each(["blue", "target"] as const)("are fit for every kind, and clean, for %s", (agent) => {
    const controls = builtInControls(agent);

    expect(controls.length).toBeGreaterThanOrEqual(30);
    expect(new Set(controls.map(({ prompt }) => prompt)).size).toBe(controls.length);
    for (const control of controls) {
      for (const kind of ["sft", "dpo", "kto"] as DatasetKind[]) {
        for (const row of controlRows(control, kind)) {
          expect(rowProblems(row, { kind })).toEqual([]);
        }
      }
      expect(detectSync(Object.values(control).join("\n"))).toEqual([]);
      expect(isRefusal(control.answer)).toBe(false);
    }
  });

  it("are on one side each, in an order that the seed decides", () => {
    const controls = builtInControls("target");
    const train = pickControls(controls, "train", 99, options);
    const validation = pickControls(controls, "validation", 99, options);

    expect(train.length + validation.length).toBe(controls.length);
    expect(train.filter((control) => validation.includes(control))).toEqual([]);
    expect(pickControls(controls, "train", 3, options)).toEqual(train.slice(0, 3));
    expect(pickControls(controls, "train", 99, { ...options, seed: 2 })).not.toEqual(train);
  });

  it("keep the labels of KTO balanced", () => {
    const rows = controlRows(builtInControls("blue")[0]!, "kto");

    expect(rows.map((row) => "label" in row && row.label)).toEqual([true, false]);
  });
});

function sampleOf(changes: Partial<RankedSample>): RankedSample {
  return { matchId: "m1", attackType: "jailbreak", isGood: true, rank: 0.5, ...changes };
}
