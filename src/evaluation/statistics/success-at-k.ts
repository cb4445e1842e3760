/**
 * Gives the chance that at least one of `k` tries out of `total` succeeds, from `successes` seen (Chen
 * 2021's unbiased pass@k), or null when fewer than `k` were tried.
 */
export function successAtK(total: number, successes: number, k: number): number | null {
  if (k > total || k < 1) return null;
  if (total - successes < k) return 1;
  let allFail = 1;
  for (let i = 0; i < k; i += 1) allFail *= (total - successes - i) / (total - i);
  return 1 - allFail;
}
