import type { ArenaFit } from "./arena-fit.ts";
import type { RatedMatch } from "./arena-model.ts";
import { groupBy } from "./group-by.ts";

/** How far a pairing lies from what the ratings of its agents say. */
export interface PairingResidual {
  red: string;
  blue: string;
  /** Null when the residual is over all targets. */
  target: string | null;
  observed: number;
  expected: number;
  trials: number;
  /** (observed − expected) / its standard error, allowing for the design effect. */
  z: number;
}

/**
 * Gives each cell's standardised residual. |z| over 2 marks a pairing that one number an agent does not
 * explain.
 *
 * @param designEffect of attacks within a match. @default 1
 */
export function pairingResiduals(
  fit: ArenaFit,
  matches: readonly RatedMatch[],
  { byTarget = true, designEffect = 1 }: { byTarget?: boolean; designEffect?: number } = {},
): PairingResidual[] {
  const cells = groupBy(
    matches.filter(({ trials }) => trials > 0),
    ({ red, blue, target }) => JSON.stringify(byTarget ? [red, blue, target] : [red, blue]),
  );
  return [...cells.values()].map((cell) => {
    const first = cell[0] as RatedMatch;
    let observed = 0;
    let expected = 0;
    let variance = 0;
    let trials = 0;
    for (const match of cell) {
      const p = fit.probability(match);
      observed += match.successes;
      expected += match.trials * p;
      variance += match.trials * p * (1 - p);
      trials += match.trials;
    }
    const z = (observed - expected) / Math.sqrt(variance * designEffect);
    const target = byTarget ? first.target : null;
    return { red: first.red, blue: first.blue, target, observed, expected, trials, z };
  });
}
