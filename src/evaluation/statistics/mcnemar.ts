import { gammaQ, logGamma } from "./special-functions.ts";

/** McNemar's test of pairs that changed; p values are two-sided. */
export interface McNemarResult {
  exact: number;
  /** Less conservative than `exact` with few pairs. */
  midP: number;
  /** χ² with the continuity correction. */
  chiSquare: number;
  chiSquareP: number;
}

/**
 * Compares two runs of the same seeded matches by those whose answer changed: `lost` passed before and
 * fail now, `won` the other way round. Null when nothing changed.
 */
export function mcnemar(lost: number, won: number): McNemarResult | null {
  const changed = lost + won;
  if (changed === 0) return null;
  const fewer = Math.min(lost, won);
  let below = 0;
  for (let k = 0; k < fewer; k += 1) below += fairBinomial(k, changed);
  const at = fairBinomial(fewer, changed);
  const chiSquare = (Math.abs(lost - won) - 1) ** 2 / changed;
  return {
    exact: lost === won ? 1 : Math.min(1, 2 * (below + at)),
    midP: lost === won ? 1 : Math.min(1, 2 * (below + at / 2)),
    chiSquare,
    chiSquareP: gammaQ(0.5, chiSquare / 2),
  };
}

function fairBinomial(k: number, n: number): number {
  return Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
}
