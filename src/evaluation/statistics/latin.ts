/**
 * Gives the n² triples (i, j, (i + j) mod n): every pair of two sides' members meets exactly once, at an
 * n-th of the cost of all n³ combinations.
 */
export function latinTriples(n: number): [red: number, blue: number, target: number][] {
  const triples: [number, number, number][] = [];
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) triples.push([i, j, (i + j) % n]);
  }
  return triples;
}
