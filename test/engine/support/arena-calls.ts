import type { Arena, ArenaEvent, Match, Round } from "../../../examples/arena/index.ts";
import { arenaApiKey } from "./arena-key.ts";

/** Asks the sample arena directly, beside the flows. */
async function ask<Answer>(arena: Arena, path: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${arenaApiKey}` };
  const response = await arena.app.request(path, { headers });
  return (await response.json()) as Answer;
}

/** The matches that the arena has, newest first. */
export const matchesOf = (arena: Arena) => ask<Match[]>(arena, "/api/matches?limit=1000");

/** One match as it is now. */
export const matchOf = (arena: Arena, id: string) => ask<Match>(arena, `/api/matches/${id}`);

/** The events of a match. */
export const eventsOf = (arena: Arena, id: string) =>
  ask<ArenaEvent[]>(arena, `/api/matches/${id}/events?limit=1000`);

/** The rounds of a match. */
export const roundsOf = (arena: Arena, id: string) =>
  ask<Round[]>(arena, `/api/matches/${id}/rounds`);
