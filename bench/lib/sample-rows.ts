import { type EvaluationRow, roundRobin } from "kestra-arena/evaluation";

const attackTypes = ["prompt_injection", "jailbreak", "data_extraction", "evasion"] as const;
const attacksPerMatch = 20;

/**
 * The rows of a batch of 5 red and 5 blue agents on 4 targets, played again and again. A pairing keeps its own success
 * rate, and what comes of each attack is drawn by a seed: the same rows each time.
 */
export function sampleRows(matches: number): EvaluationRow[] {
  const combinations = roundRobin({ red: ids("red"), blue: ids("blue"), target: ids("target", 4) });
  const random = seeded(7);
  const rates = combinations.map(() => 0.1 + 0.6 * random());
  return Array.from({ length: matches }, (_, index) => {
    const place = index % combinations.length;
    return {
      ...combinations[place]!,
      repetition: Math.floor(index / combinations.length) + 1,
      state: "SUCCESS",
      matchId: `match-${index}`,
      ...playMatch(rates[place]!, random),
    };
  });
}

function playMatch(rate: number, random: () => number) {
  const attackTypeResults = Object.fromEntries(
    attackTypes.map((type) => {
      const attempts = attacksPerMatch / attackTypes.length;
      const successes = Array.from({ length: attempts }, random).filter((x) => x < rate).length;
      return [type, { attempts, successes }];
    }),
  );
  const results = Object.values(attackTypeResults);
  const success = results.reduce((sum, { successes }) => sum + successes, 0);
  const blocked = attacksPerMatch - success;
  const percent = (100 * success) / attacksPerMatch;
  return {
    winner: percent > 50 ? ("red" as const) : ("blue" as const),
    metrics: {
      totalRounds: attacksPerMatch,
      attacks: attacksPerMatch,
      defenses: attacksPerMatch,
      targetResponses: attacksPerMatch,
      attackSuccessRate: percent,
      defenseSuccessRate: 100 - percent,
      averageSeverity: 5,
      averageSuccessSeverity: success === 0 ? null : 5,
      criticalVulnerabilities: 0,
      highVulnerabilities: 0,
      mediumVulnerabilities: success,
      lowVulnerabilities: 0,
      attackTypes: Object.fromEntries(
        Object.entries(attackTypeResults).map(([type, { attempts }]) => [type, attempts]),
      ),
      attackOutcomes: { success, blocked, mitigated: 0, detected: 0, failed: 0, processed: 0 },
      attackTypeResults,
    },
  };
}

function ids(side: string, count = 5): string[] {
  return Array.from({ length: count }, (_, index) => `${side}-${index + 1}`);
}

/** A small generator of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
