import { betaI, gammaP, gammaQ } from "./special-functions.ts";

const cache = new Map<string, number>();

/** Gives P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, (z * z) / 2);
  return z > 0 ? 1 - tail : tail;
}

/** Gives the z with P(Z ≤ z) = `probability`; ±Infinity at 1 and 0. */
export function normalQuantile(probability: number): number {
  return symmetricQuantile("z", probability, normalCdf);
}

/** Gives P(T ≤ t) of Student's distribution with `degrees` of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail = 0.5 * betaI(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** Gives the t with P(T ≤ t) = `probability` for `degrees` of freedom; ±Infinity at 1 and 0. */
export function studentQuantile(probability: number, degrees: number): number {
  return symmetricQuantile(`t${degrees}`, probability, (t) => studentCdf(t, degrees));
}

/** Gives the two-sided p value of a statistic that follows Student's distribution. */
export function studentTwoSided(t: number, degrees: number): number {
  return betaI(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Gives the two-sided p value of a standard normal statistic. */
export function normalTwoSided(z: number): number {
  return gammaQ(0.5, (z * z) / 2);
}

/** Gives the x with P(X ≤ x) = `probability` for the χ² distribution with `degrees` of freedom. */
export function chiSquareQuantile(probability: number, degrees: number): number {
  const cdf = (x: number) => gammaP(degrees / 2, x / 2);
  let high = Math.max(1, degrees);
  while (cdf(high) < probability) high *= 2;
  return bisect(cdf, probability, 0, high);
}

function symmetricQuantile(key: string, probability: number, cdf: (x: number) => number): number {
  if (probability <= 0) return Number.NEGATIVE_INFINITY;
  if (probability >= 1) return Number.POSITIVE_INFINITY;
  if (probability === 0.5) return 0;
  const known = cache.get(`${key}:${probability}`);
  if (known !== undefined) return known;
  // The lower tail keeps its digits; the upper one is 1 − something.
  const lower = Math.min(probability, 1 - probability);
  let low = -1;
  while (cdf(low) > lower) low *= 2;
  const magnitude = -bisect(cdf, lower, low, 0);
  const quantile = probability > 0.5 ? magnitude : -magnitude;
  if (cache.size > 5_000) cache.clear();
  cache.set(`${key}:${probability}`, quantile);
  return quantile;
}

function bisect(cdf: (x: number) => number, target: number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (cdf(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
