import type { Analysis } from "../analysis/analysis.ts";
import type { OrderFlip } from "../analysis/order-flips.ts";
import { defaultDefinitions } from "../definitions.ts";
import { counted, namesOf, percent, percentRange } from "./format.ts";

/** Gives what a reader must know before believing the numbers, a sentence each; most pressing first. */
export function remarks(analysis: Analysis): string[] {
  return [
    ...missingRemarks(analysis),
    ...separationRemarks(analysis),
    ...definitionRemarks(analysis),
    ...flipRemarks(analysis),
    ...winnerRemarks(analysis),
  ];
}

function missingRemarks({ overall, duplicateRows }: Analysis): string[] {
  const sentences: string[] = [];
  if (overall.missing > 0) {
    const total = overall.missing + overall.matches;
    sentences.push(
      `${overall.missing} of ${counted(total, "match", "matches")} ${overall.missing === 1 ? "has" : "have"} no result. Had ${overall.missing === 1 ? "it" : "they"} been played, the ` +
        `overall rate would lie anywhere in ${percentRange(overall.missingBounds)} (seen: ${percent(overall.attacks.rate)}).`,
    );
  }
  if (duplicateRows > 0) {
    sentences.push(
      `${counted(duplicateRows, "row")} told of a match a second time and did not count.`,
    );
  }
  return sentences;
}

function separationRemarks(analysis: Analysis): string[] {
  const separated = analysis.ratings?.separated ?? [];
  if (separated.length === 0) return [];
  const name = namesOf(analysis);
  const who = separated.map(({ side, agent }) => `${name(agent)} (${side})`).join(", ");
  return [
    `Won or lost everything that could tell it from the others: ${who}. The rating (*) rests on the prior; only ` +
      "its direction is known.",
  ];
}

const mostDisputedFirst = [
  "detected",
  "mitigated",
  "blocked",
  "failed",
  "processed",
  "success",
] as const;

function definitionRemarks({ definitions, attackTypes }: Analysis): string[] {
  const changed = mostDisputedFirst
    .filter((outcome) => definitions[outcome] !== defaultDefinitions[outcome])
    .map((outcome) => `${outcome} counts as ${definitions[outcome]}`);
  const sentences = changed.length > 0 ? [`Counted differently here: ${changed.join(", ")}.`] : [];
  if (attackTypes.unknownMatches > 0) {
    sentences.push(
      `${counted(attackTypes.unknownMatches, "match", "matches")} could not be split by attack type under these ` +
        "definitions; give the transcripts to do so.",
    );
  }
  return sentences;
}

function flipRemarks(analysis: Analysis): string[] {
  const name = namesOf(analysis);
  const flips = analysis.orderFlips.toSorted(
    (a, b) => Number(areTied(analysis, a)) - Number(areTied(analysis, b)),
  );
  return flips.slice(0, 6).map((flip) => {
    const pair = `${name(flip.higher)} and ${name(flip.lower)} (${flip.side})`;
    const cause =
      flip.kind === "pooling"
        ? "when every opponent and target weighs the same: they did not meet them equally often"
        : `if ${flip.outcome} counts as ${flip.countedAs}`;
    return `${pair} change places ${cause}${areTied(analysis, flip) ? "; they cannot be told apart anyway" : ""}.`;
  });
}

function areTied({ ratings }: Analysis, { side, higher, lower }: OrderFlip): boolean {
  const own = ratings?.[side].ratings.find(({ agentId }) => agentId === higher);
  return own?.tiedWith.includes(lower) ?? false;
}

function winnerRemarks({ winners }: Analysis): string[] {
  if (winners.disagreements === 0) return [];
  return [
    `The backend names another winner than the decided attacks do in ${counted(winners.disagreements, "match", "matches")}: ` +
      "it takes detected for a success.",
  ];
}
