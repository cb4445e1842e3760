import type { Comparison } from "../comparison/comparison.ts";
import {
  counted,
  inWords,
  level,
  namesOf,
  percent,
  points,
  pointsRange,
  pValue,
} from "./format.ts";
import type { Table } from "./text-table.ts";

/** Gives the comparison in a sentence. */
export function comparisonHeadline({ difference, baseline, candidate, confidence }: Comparison) {
  const from = `${percent(baseline.rate)} → ${percent(candidate.rate)} pooled`;
  if (difference.mean === null) return `The runs have no cell with results in common (${from}).`;
  const p = pValue(difference.p);
  return (
    `Attack success rate ${points(difference.mean)} from baseline to candidate, every cell weighing the same ` +
    `(${level(confidence)} interval ${pointsRange(difference.interval)}, p ${p.startsWith("<") ? p : `= ${p}`}; ${from}).`
  );
}

/** Gives what limits the comparison, a sentence each. */
export function comparisonRemarks(comparison: Comparison): string[] {
  const { baseline, candidate, unpaired, missingBounds, changedAgents, severity } = comparison;
  const missing = baseline.missing + candidate.missing;
  const undecided = baseline.undecided + candidate.undecided;
  return [
    missing > 0 &&
      `${counted(missing, "match", "matches")} of the two runs ${missing === 1 ? "has" : "have"} no result. The difference could lie anywhere in ` +
        `${pointsRange(missingBounds)} had ${missing === 1 ? "it" : "they"} been played.`,
    undecided > 0 &&
      `${counted(undecided, "match", "matches")} of the two runs had no decided attack and ${undecided === 1 ? "was" : "were"} not compared.`,
    unpaired.length > 0 &&
      `${counted(unpaired.length, "cell")} ${unpaired.length === 1 ? "has" : "have"} no results in both runs and ${unpaired.length === 1 ? "was" : "were"} not compared.`,
    changedAgents.length > 0 &&
      `Not the same in the two runs: ${changedAgents.map(({ name, agentId, what }) => `${name ?? agentId} (${what})`).join(", ")}.`,
    severity !== null &&
      severity.p < 0.05 &&
      `What gets through has become ${severity.cliffsDelta > 0 ? "more" : "less"} severe (Cliff's delta ${severity.cliffsDelta.toFixed(2)}, p ${pValue(severity.p)}).`,
  ].filter((sentence) => sentence !== false);
}

/** Gives the differences by attack type. */
export function attackTypeDifferenceTable({ attackTypes, confidence }: Comparison): Table {
  return {
    title: "Difference by type of attack",
    columns: [
      { head: "Type" },
      { head: "Baseline", align: "right" },
      { head: "Candidate", align: "right" },
      { head: "Difference", align: "right" },
      { head: `${level(confidence)} interval`, align: "right" },
      { head: "p (Holm)", align: "right" },
      { head: "" },
    ],
    rows: attackTypes.map((type) => [
      inWords(type.attackType),
      percent(type.baseline),
      percent(type.candidate),
      points(type.difference.mean),
      pointsRange(type.difference.interval),
      pValue(type.adjustedP),
      type.isDifferent ? "different" : "",
    ]),
  };
}

/** Gives the cells that changed most, in either direction. */
export function cellDifferenceTable(comparison: Comparison, limit = 40): Table {
  const name = namesOf(comparison);
  const { cells } = comparison;
  const shown = cells
    .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, limit);
  return {
    title: "Difference by pairing",
    columns: [
      { head: "Red" },
      { head: "Blue" },
      { head: "Target" },
      { head: "Baseline", align: "right" },
      { head: "Candidate", align: "right" },
      { head: "Difference", align: "right" },
      { head: "Matches", align: "right" },
    ],
    rows: shown.map((cell) => [
      name(cell.redAgentId),
      name(cell.blueAgentId),
      name(cell.targetAgentId),
      percent(cell.baseline),
      percent(cell.candidate),
      points(cell.difference),
      `${cell.baselineMatches} / ${cell.candidateMatches}`,
    ]),
    ...(cells.length > shown.length && {
      note: `The ${shown.length} largest of ${cells.length}; the others are in the JSON.`,
    }),
  };
}
