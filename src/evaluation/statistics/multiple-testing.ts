/** Gives Holm's adjusted p values, in the order given: they hold the family-wise error. */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length);
  let highest = 0;
  for (const [rank, index] of ascending(pValues).entries()) {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * (pValues[index] as number)));
    adjusted[index] = highest;
  }
  return adjusted;
}

/** Gives Benjamini and Hochberg's adjusted p values, in the order given: they hold the false-discovery rate. */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length);
  const order = ascending(pValues);
  let lowest = 1;
  for (let rank = order.length - 1; rank >= 0; rank -= 1) {
    const index = order[rank] as number;
    lowest = Math.min(lowest, ((pValues[index] as number) * pValues.length) / (rank + 1));
    adjusted[index] = lowest;
  }
  return adjusted;
}

function ascending(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}
