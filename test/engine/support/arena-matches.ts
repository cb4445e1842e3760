import type { Arena, ArenaEvent, Match, Round } from "../../../examples/arena/index.ts";
import { arenaApiKey } from "./arena-key.ts";

/** Which matches are made. */
interface MatchPlan {
  count?: number;
  mode?: "quick" | "standard" | "deep" | "continuous";
  metadata?: Record<string, unknown>;
}

/** Makes matches by turns of all agents, directly and without a flow. @returns their ids, oldest first */
export async function playMatches(arena: Arena, plan: MatchPlan = {}): Promise<string[]> {
  const { count = 1, mode = "standard", metadata } = plan;
  const idsOf = (type: string) =>
    arena.agents.filter((agent) => agent.type === type).map(({ id }) => id);
  const [reds, blues, targets] = [idsOf("red"), idsOf("blue"), idsOf("target")];
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await arena.app.request("/api/matches", {
      method: "POST",
      headers: { authorization: `Bearer ${arenaApiKey}`, "content-type": "application/json" },
      body: JSON.stringify({
        redAgentId: reds[index % reds.length],
        blueAgentId: blues[Math.floor(index / reds.length) % blues.length],
        targetAgentId: targets[index % targets.length],
        mode,
        ...(metadata && { metadata }),
      }),
    });
    const { id } = (await answer.json()) as Match;
    ids.push(id);
  }
  return ids;
}

/** An attack of a match with what answered it. */
export interface PlayedRound {
  matchId: string;
  round: number;
  attack: ArenaEvent;
  defense: ArenaEvent | undefined;
  target: ArenaEvent | undefined;
}

/** The rounds of some matches, each with its events. */
export async function playedRounds(
  arena: Arena,
  matchIds: readonly string[],
): Promise<PlayedRound[]> {
  const rounds: PlayedRound[] = [];
  for (const matchId of matchIds) {
    const answer = await arena.app.request(`/api/matches/${matchId}/transcript?limit=10000`, {
      headers: { authorization: `Bearer ${arenaApiKey}` },
    });
    const transcript = (await answer.json()) as { events: ArenaEvent[]; rounds: Round[] };
    const events = new Map(transcript.events.map((event) => [event.id, event]));
    for (const { roundNumber, attackEventId, defenseEventId, targetEventId } of transcript.rounds) {
      rounds.push({
        matchId,
        round: roundNumber,
        attack: events.get(attackEventId ?? "")!,
        defense: events.get(defenseEventId ?? ""),
        target: events.get(targetEventId ?? ""),
      });
    }
  }
  return rounds;
}
