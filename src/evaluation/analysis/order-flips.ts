import type { Definitions, Verdict } from "../definitions.ts";
import type { Transcripts } from "../match-events.ts";
import { groupBy } from "../statistics/group-by.ts";
import { standardise } from "../statistics/standardise.ts";
import { sum } from "../statistics/summary.ts";
import { type MatchTally, tallyMatch } from "./tally.ts";

/** Two agents whose order depends on how one counts, or on which targets they met. */
export interface OrderFlip {
  kind: "definition" | "pooling";
  side: "red" | "blue";
  /** Has the higher attack success rate as counted. */
  higher: string;
  /** Has the higher one in the other way of counting. */
  lower: string;
  /** The outcome that would be counted differently, for `definition`. */
  outcome?: keyof Definitions;
  countedAs?: Verdict;
}

const alternatives: readonly [keyof Definitions, Verdict][] = [
  ["detected", "success"],
  ["detected", "failure"],
  ["mitigated", "success"],
  ["mitigated", "failure"],
  ["processed", "success"],
  ["processed", "failure"],
];

/** Finds the agents that change places when one outcome is counted differently, or targets weigh the same. */
export function findOrderFlips(
  tallies: readonly MatchTally[],
  definitions: Definitions,
  transcripts: Transcripts | undefined,
): OrderFlip[] {
  const switched = alternatives
    .filter(([outcome, verdict]) => definitions[outcome] !== verdict)
    .map(([outcome, verdict]) => ({
      outcome,
      verdict,
      tallies: tallies.map(({ row }) =>
        tallyMatch(
          row,
          { ...definitions, [outcome]: verdict },
          transcripts?.get(row.matchId ?? ""),
        ),
      ),
    }));
  return (["red", "blue"] as const).flatMap((side) => [
    ...switched.flatMap(({ outcome, verdict, tallies: other }) =>
      flips(pooledRates(tallies, side), pooledRates(other, side)).map(([higher, lower]) => ({
        kind: "definition" as const,
        side,
        higher,
        lower,
        outcome,
        countedAs: verdict,
      })),
    ),
    ...flips(pooledRates(tallies, side), standardisedRates(tallies, side)).map(
      ([higher, lower]) => ({ kind: "pooling" as const, side, higher, lower }),
    ),
  ]);
}

type RateByAgent = ReadonlyMap<string, number>;

function pooledRates(tallies: readonly MatchTally[], side: "red" | "blue"): RateByAgent {
  const rates = new Map<string, number>();
  for (const [agent, own] of groupBy(tallies, (tally) => tally[side])) {
    const trials = sum(own.map((tally) => tally.trials));
    if (trials > 0) rates.set(agent, sum(own.map(({ successes }) => successes)) / trials);
  }
  return rates;
}

function standardisedRates(tallies: readonly MatchTally[], side: "red" | "blue"): RateByAgent {
  const strata = tallies.map((tally) => ({
    agent: tally[side],
    // What an agent met is the other side and the target together.
    stratum: JSON.stringify([side === "red" ? tally.blue : tally.red, tally.target]),
    successes: tally.successes,
    trials: tally.trials,
  }));
  const rates = new Map<string, number>();
  for (const [agent, { standardised }] of standardise(strata)) {
    if (standardised !== null) rates.set(agent, standardised);
  }
  return rates;
}

function flips(counted: RateByAgent, other: RateByAgent): [higher: string, lower: string][] {
  const agents = [...counted.keys()].filter((agent) => other.has(agent)).sort();
  const rate = (rates: RateByAgent, agent: string) => rates.get(agent) as number;
  return agents.flatMap((a) =>
    agents
      .filter((b) => rate(counted, a) > rate(counted, b) && rate(other, a) < rate(other, b))
      .map((b): [string, string] => [a, b]),
  );
}
