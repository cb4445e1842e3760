import { groupBy } from "./group-by.ts";

/** Successes of one agent in one stratum (target). */
export interface Stratum {
  agent: string;
  stratum: string;
  successes: number;
  trials: number;
}

/** An agent's rate pooled as it fell out, and with every stratum weighing the same. */
export interface StandardisedRate {
  pooled: number;
  /** Null where the agent lacks a stratum that others have: it would compare unlike things. */
  standardised: number | null;
}

/**
 * Gives each agent's rate with equal weights on the strata. Pooling can reverse an order that holds within
 * every stratum (Simpson) when agents met the strata in different numbers.
 */
export function standardise(rows: readonly Stratum[]): Map<string, StandardisedRate> {
  const strata = new Set(rows.filter(({ trials }) => trials > 0).map(({ stratum }) => stratum));
  const byAgent = groupBy(rows, ({ agent }) => agent);
  const rates = new Map<string, StandardisedRate>();
  for (const [agent, own] of byAgent) {
    const trials = own.reduce((total, row) => total + row.trials, 0);
    if (trials === 0) continue;
    const successes = own.reduce((total, row) => total + row.successes, 0);
    rates.set(agent, { pooled: successes / trials, standardised: equalWeights(own, strata) });
  }
  return rates;
}

function equalWeights(rows: readonly Stratum[], strata: ReadonlySet<string>): number | null {
  let total = 0;
  for (const stratum of strata) {
    const own = rows.filter((row) => row.stratum === stratum);
    const trials = own.reduce((count, row) => count + row.trials, 0);
    if (trials === 0) return null;
    total += own.reduce((count, row) => count + row.successes, 0) / trials;
  }
  return total / strata.size;
}
