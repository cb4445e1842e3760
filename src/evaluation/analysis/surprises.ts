import type { ArenaFit } from "../statistics/arena-fit.ts";
import { pairingResiduals } from "../statistics/residuals.ts";
import type { MatchTally } from "./tally.ts";

const NOTABLE = 2;
const MOST_TELLING = 3;

/** A match to read: where it is and what came of it. */
export interface MatchReference {
  matchId?: string;
  executionId?: string;
  /** The match's events and rounds in Kestra's storage. */
  transcriptFile?: string;
  repetition: number;
  successes: number;
  trials: number;
}

/** A cell whose result one number an agent does not explain. */
export interface Surprise {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  /** Attacks that got through. */
  observed: number;
  /** By the ratings of the three agents. */
  expected: number;
  trials: number;
  /** Over 2 or under −2. */
  z: number;
  /** The matches that say it most clearly. */
  matches: MatchReference[];
}

/** Surprising cells, and how many of them chance alone would show. */
export interface Surprises {
  cells: Surprise[];
  /** 4.6 % of the cells lie beyond |z| = 2 when nothing is surprising. */
  expectedByChance: number;
}

/** Finds the cells beyond |z| = 2, most surprising first, each with its most telling matches. */
export function findSurprises(
  fit: ArenaFit,
  tallies: readonly MatchTally[],
  designEffect: number,
): Surprises {
  const residuals = pairingResiduals(fit, tallies, { designEffect });
  const cells = residuals
    .filter(({ z }) => Math.abs(z) > NOTABLE)
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
    .map(({ red, blue, target, observed, expected, trials, z }) => ({
      redAgentId: red,
      blueAgentId: blue,
      targetAgentId: target as string,
      observed,
      expected,
      trials,
      z,
      matches: tallies
        .filter((t) => t.red === red && t.blue === blue && t.target === target && t.trials > 0)
        .sort((a, b) => Math.sign(z) * (b.successes / b.trials - a.successes / a.trials))
        .slice(0, MOST_TELLING)
        .map(toReference),
    }));
  return { cells, expectedByChance: 0.0455 * residuals.length };
}

/** Tells where a match is. */
function toReference({ row, successes, trials }: MatchTally): MatchReference {
  const { matchId, executionId, transcriptFile, repetition } = row;
  return {
    ...(matchId !== undefined && { matchId }),
    ...(executionId !== undefined && { executionId }),
    ...(transcriptFile !== undefined && { transcriptFile }),
    repetition,
    successes,
    trials,
  };
}
