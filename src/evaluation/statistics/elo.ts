/** One finished game for {@link liveElo}: `score` is 1, 0.5 or 0 for `first`. */
export interface EloGame {
  first: string;
  second: string;
  score: number;
}

/**
 * Gives running Elo ratings, a display for while a batch plays and no more: they depend on the order of
 * play. Ratings to trust come from `analyze`.
 */
export function liveElo(
  games: Iterable<EloGame>,
  { k = 16, start = 1_000 }: { k?: number; start?: number } = {},
): Map<string, number> {
  const ratings = new Map<string, number>();
  for (const { first, second, score } of games) {
    const a = ratings.get(first) ?? start;
    const b = ratings.get(second) ?? start;
    const expected = 1 / (1 + 10 ** ((b - a) / 400));
    ratings.set(first, a + k * (score - expected));
    ratings.set(second, b - k * (score - expected));
  }
  return ratings;
}
