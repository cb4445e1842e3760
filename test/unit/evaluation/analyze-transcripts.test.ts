import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/evaluation/analysis/analyze.ts";
import type { MatchEvent } from "../../../src/evaluation/match-events.ts";
import { row } from "./support.ts";

const cell = ["r1", "b1", "t1"] as const;

describe("analyze with transcripts", () => {
  it("says that a match whose transcript holds no attack could not be split by type, either", () => {
    const match = row(cell, 1, 4);
    const { attackTypes } = analyze([match], {
      definitions: { detected: "success" },
      transcripts: new Map([[match.matchId ?? "", []]]),
    });
    expect(attackTypes).toEqual({ results: [], unknownMatches: 1 });
  });

  it("takes an outcome that it does not know for undecided, whatever it is called", () => {
    const match = row(cell, 1, 4);
    const attack = { id: "e", type: "attack", attackType: "jailbreak", outcome: "constructor" };
    const transcripts = new Map([[match.matchId ?? "", [attack as unknown as MatchEvent]]]);
    const { overall, attackTypes } = analyze([match], { transcripts });
    expect(overall).toMatchObject({ undecided: 1, attacks: { trials: 0 } });
    expect(attackTypes.results).toEqual([]);
  });
});
