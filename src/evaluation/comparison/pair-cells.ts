import { type MatchTally, tallyMatch } from "../analysis/tally.ts";
import { cellKey, combinationOf } from "../combinations.ts";
import type { Definitions } from "../definitions.ts";
import type { Transcripts } from "../match-events.ts";
import type { EvaluationMatrix } from "../plan.ts";
import { type EvaluationRow, type MissingMatch, sortRows } from "../rows.ts";
import { groupBy } from "../statistics/group-by.ts";

/** A run's matches in one cell. */
interface RunCell {
  tallies: MatchTally[];
  missing: number;
}

/** One cell (red, blue, target) of two runs. */
export interface CellPair {
  cell: string;
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  baseline: RunCell;
  candidate: RunCell;
}

/** A run, sorted and counted. */
export interface CountedRun {
  tallies: MatchTally[];
  missing: MissingMatch[];
  /** How many matches were played and have no rate, since no attack of theirs was decided. */
  undecided: number;
}

/** Counts a run, its agents called as those that they stand for. */
export function countRun(
  rows: readonly EvaluationRow[],
  definitions: Definitions,
  {
    standsFor = {},
    expected,
    transcripts,
  }: {
    standsFor?: Readonly<Record<string, string>>;
    expected?: EvaluationMatrix;
    transcripts?: Transcripts;
  },
): CountedRun {
  const renamed = rows.map((row) => rename(row, standsFor));
  const combinations = expected?.combinations.map((combination) => rename(combination, standsFor));
  const { played, missing } = sortRows(
    renamed,
    expected && combinations && { ...expected, combinations },
  );
  const tallies = played
    .map((row) => tallyMatch(row, definitions, transcripts?.get(row.matchId ?? "")))
    .filter(({ trials }) => trials > 0);
  return { tallies, missing, undecided: played.length - tallies.length };
}

/** Pairs two runs by cell, sorted by ids. */
export function pairCells(baseline: CountedRun, candidate: CountedRun): CellPair[] {
  const cells = new Set(
    [baseline, candidate].flatMap(({ tallies, missing }) => [
      ...tallies.map(({ stratum }) => stratum),
      ...missing.map(cellKey),
    ]),
  );
  const cellOf = (run: CountedRun) => {
    const tallies = groupBy(run.tallies, ({ stratum }) => stratum);
    const missing = groupBy(run.missing, cellKey);
    return (cell: string): RunCell => ({
      tallies: tallies.get(cell) ?? [],
      missing: missing.get(cell)?.length ?? 0,
    });
  };
  const [inBaseline, inCandidate] = [cellOf(baseline), cellOf(candidate)];
  return [...cells].sort().map((cell) => {
    const runs = { baseline: inBaseline(cell), candidate: inCandidate(cell) };
    return { cell, ...combinationOf(cell), ...runs };
  });
}

function rename<Row extends { redAgentId: string; blueAgentId: string; targetAgentId: string }>(
  row: Row,
  standsFor: Readonly<Record<string, string>>,
): Row {
  const known = (id: string) => (Object.hasOwn(standsFor, id) ? (standsFor[id] as string) : id);
  return {
    ...row,
    redAgentId: known(row.redAgentId),
    blueAgentId: known(row.blueAgentId),
    targetAgentId: known(row.targetAgentId),
  };
}
