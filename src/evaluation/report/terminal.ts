import type { Analysis } from "../analysis/analysis.ts";
import { counted, decimal, level, percent, percentRange } from "./format.ts";
import { remarks } from "./remarks.ts";
import { attackTypeTable, missingTable, sideTable, surpriseTable } from "./tables.ts";
import { plain, renderTextTable, type Table } from "./text-table.ts";

/** Gives an analysis as text for a terminal. Nothing in it can control the terminal. */
export function renderTerminal(analysis: Analysis): string {
  const tables = [
    sideTable(analysis, "red"),
    sideTable(analysis, "blue"),
    sideTable(analysis, "target"),
    ...furtherTables(analysis),
  ].filter(({ rows }) => rows.length > 0);
  return [
    headline(analysis),
    ...tables.map(renderTextTable),
    ...remarks(analysis).map((remark) => `! ${plain(remark)}`),
  ].join("\n\n");
}

/** Gives the overall result in a sentence. */
export function headline({ overall, severity, confidence }: Analysis): string {
  const { attacks } = overall;
  if (attacks.rate === null) {
    return `No decided attack in ${counted(overall.matches, "match", "matches")}, ${overall.missing} without a result.`;
  }
  return (
    `${percent(attacks.rate)} of ${counted(attacks.trials, "decided attack")} got through ` +
    `(${level(confidence)} interval ${percentRange(attacks.interval)}), ` +
    `mean severity ${decimal(severity.mean)}, in ${counted(overall.matches, "match", "matches")}` +
    (overall.missing > 0 ? `; ${overall.missing} more without a result.` : ".")
  );
}

/** What a short view shows after the leaderboards, where there is something to show. */
export function furtherTables(analysis: Analysis): Table[] {
  const tables = [attackTypeTable(analysis), surpriseTable(analysis), missingTable(analysis, 20)];
  return tables.filter(({ rows }) => rows.length > 0);
}
