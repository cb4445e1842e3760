import type { Analysis } from "../analysis/analysis.ts";
import type { AgentResult } from "../analysis/rates.ts";
import type { Rating } from "../analysis/ratings.ts";
import type { Side } from "../statistics/arena-model.ts";
import {
  clip,
  counted,
  decimal,
  inWords,
  level,
  namesOf,
  percent,
  percentRange,
} from "./format.ts";
import type { Table } from "./text-table.ts";

const sideTitles: Record<Side, string> = {
  red: "Red agents: attack success rate",
  blue: "Blue agents: attack success rate against them",
  target: "Targets: attack success rate against them",
};

/** Gives a side's leaderboard: best first by rating, with the rate and its interval. */
export function sideTable(analysis: Analysis, side: Side): Table {
  const name = namesOf(analysis);
  const ratings = analysis.ratings?.[side].ratings ?? [];
  return {
    title: sideTitles[side],
    columns: [
      { head: "Rank", align: "right" },
      { head: "Agent" },
      { head: "Rate", align: "right" },
      { head: interval(analysis), align: "right" },
      { head: "Rating", align: "right" },
      { head: "±", align: "right" },
      { head: "Severity", align: "right" },
      { head: "Matches", align: "right" },
      { head: "Missing", align: "right" },
    ],
    rows: bestFirst(analysis[side], ratings).map(([result, rating]) => [
      rating ? rankLabel(rating) : "–",
      name(result.agentId),
      percent(result.attacks.rate),
      percentRange(result.attacks.interval),
      decimal(rating?.elo, 0),
      decimal(rating && (rating.interval.high - rating.interval.low) / 2, 0),
      decimal(result.severity),
      String(result.matches),
      String(result.missing),
    ]),
    ...(ratings.some(({ rank }) => isTied(rank, ratings)) && {
      note: "= agents of one rank cannot be told apart.",
    }),
  };

  function rankLabel({ rank, isSeparated }: Rating): string {
    return `${isTied(rank, ratings) ? "=" : ""}${rank}${isSeparated ? "*" : ""}`;
  }
}

/** Gives the rates by type of attack. */
export function attackTypeTable(analysis: Analysis): Table {
  return {
    title: "By type of attack",
    columns: [
      { head: "Type" },
      { head: "Rate", align: "right" },
      { head: interval(analysis), align: "right" },
      { head: "Through", align: "right" },
      { head: "Attacks", align: "right" },
      { head: "Matches", align: "right" },
    ],
    rows: analysis.attackTypes.results.map(({ attackType, attacks }) => [
      inWords(attackType),
      percent(attacks.rate),
      percentRange(attacks.interval),
      String(attacks.successes),
      String(attacks.trials),
      String(attacks.clusters),
    ]),
  };
}

/** Gives the rates by cell. */
export function cellTable(analysis: Analysis): Table {
  const name = namesOf(analysis);
  return {
    title: "By pairing",
    columns: [
      { head: "Red" },
      { head: "Blue" },
      { head: "Target" },
      { head: "Rate", align: "right" },
      { head: interval(analysis), align: "right" },
      { head: "Through", align: "right" },
      { head: "Attacks", align: "right" },
      { head: "Matches", align: "right" },
      { head: "Missing", align: "right" },
    ],
    rows: analysis.cells.map((cell) => [
      name(cell.redAgentId),
      name(cell.blueAgentId),
      name(cell.targetAgentId),
      percent(cell.attacks.rate),
      percentRange(cell.attacks.interval),
      String(cell.attacks.successes),
      String(cell.attacks.trials),
      String(cell.matches),
      String(cell.missing),
    ]),
  };
}

/** Gives the pairings that the ratings do not explain. */
export function surpriseTable(analysis: Analysis): Table {
  const name = namesOf(analysis);
  return {
    title: "Pairings that the ratings do not explain",
    columns: [
      { head: "Red" },
      { head: "Blue" },
      { head: "Target" },
      { head: "Through", align: "right" },
      { head: "Expected", align: "right" },
      { head: "Attacks", align: "right" },
      { head: "z", align: "right" },
      { head: "Matches to read" },
    ],
    rows: analysis.surprises.cells.map((cell) => [
      name(cell.redAgentId),
      name(cell.blueAgentId),
      name(cell.targetAgentId),
      String(cell.observed),
      decimal(cell.expected),
      String(cell.trials),
      decimal(cell.z),
      cell.matches.map(({ matchId, executionId }) => matchId ?? executionId ?? "–").join(", "),
    ]),
    note: `Chance alone would show about ${decimal(analysis.surprises.expectedByChance)} of these.`,
  };
}

/** Gives the matches without a result, with the reasons. */
export function missingTable(analysis: Analysis, limit = Number.POSITIVE_INFINITY): Table {
  const name = namesOf(analysis);
  const hidden = Math.max(0, analysis.missing.length - limit);
  return {
    title: "Matches without a result",
    columns: [
      { head: "Red" },
      { head: "Blue" },
      { head: "Target" },
      { head: "Repetition", align: "right" },
      { head: "State" },
      { head: "Reason" },
    ],
    rows: analysis.missing
      .slice(0, limit)
      .map((match) => [
        name(match.redAgentId),
        name(match.blueAgentId),
        name(match.targetAgentId),
        String(match.repetition),
        match.state,
        clip(match.reason, 200),
      ]),
    ...(hidden > 0 && { note: `… and ${counted(hidden, "more match", "more matches")}.` }),
  };
}

/** Joins results and ratings, best agent first: attackers by a high rate, defenders and targets by a low one. */
export function bestFirst(
  results: readonly AgentResult[],
  ratings: readonly Rating[],
): [AgentResult, Rating | undefined][] {
  const places = new Map(ratings.map((rating, place) => [rating.agentId, place]));
  const place = ({ agentId }: AgentResult) => places.get(agentId) ?? ratings.length;
  return results
    .toSorted((a, b) => place(a) - place(b))
    .map((result) => [result, ratings.find(({ agentId }) => agentId === result.agentId)]);
}

/** True when more than one agent has this rank. */
function isTied(rank: number, ratings: readonly Rating[]): boolean {
  return ratings.filter((rating) => rating.rank === rank).length > 1;
}

function interval({ confidence }: Analysis): string {
  return `${level(confidence)} interval`;
}
