import { type Displayable, displayed } from "../../display.ts";
import type { AgentInfo } from "../agents.ts";
import { addSeverities } from "../analysis/rates.ts";
import { severityScores } from "../analysis/tally.ts";
import { checkConfidence } from "../check-confidence.ts";
import { checkRows } from "../check-rows.ts";
import { type Definitions, defaultDefinitions } from "../definitions.ts";
import type { Transcripts } from "../match-events.ts";
import type { EvaluationMatrix } from "../plan.ts";
import { renderComparisonText } from "../report/comparison-text.ts";
import { renderComparisonFragment } from "../report/html/comparison.ts";
import { type EvaluationRow, matchKey } from "../rows.ts";
import type { Interval } from "../statistics/interval.ts";
import { type McNemarResult, mcnemar } from "../statistics/mcnemar.ts";
import { severityShift } from "../statistics/severity-shift.ts";
import { mean, sum } from "../statistics/summary.ts";
import { changedAgents } from "./changed-agents.ts";
import type { Comparison, RunSummary } from "./comparison.ts";
import { byAttackType, differenceOf, matchRate, toPairedCell } from "./differences.ts";
import { type CellPair, type CountedRun, countRun, pairCells } from "./pair-cells.ts";

/** Options of {@link compare}. */
export interface CompareOptions {
  /**
   * Which baseline agent a candidate's agent stands for, by ids: `{ [tuned.id]: original.id }`.
   *
   * @default agents are paired with themselves
   */
  standsFor?: Readonly<Record<string, string>>;
  /** Outcomes that count differently. @default {@link defaultDefinitions} */
  definitions?: Partial<Definitions>;
  /** As a fraction. @default 0.95 */
  confidence?: number;
  /** Both runs played the same seeded matches: a repetition is then paired with itself. @default false */
  isSeeded?: boolean;
  /** What was to be played in each run. @default what the rows tell */
  expected?: EvaluationMatrix;
  /** Events of both runs' matches. @default none */
  transcripts?: Transcripts;
  /** The agents as they were in the baseline. @default none */
  baselineAgents?: readonly AgentInfo[];
  /** The agents as they are in the candidate. @default none */
  agents?: readonly AgentInfo[];
}

/**
 * Compares a candidate run with a baseline run, paired by cell (red, blue, target), so that nothing but what
 * changed within the cells counts. Every cell weighs the same. Pure.
 *
 * @throws InputError when a run is no array of rows, or the confidence is no fraction.
 */
export function compare(
  baseline: readonly EvaluationRow[],
  candidate: readonly EvaluationRow[],
  options: CompareOptions = {},
): Comparison & Displayable {
  checkRows("The baseline", baseline);
  checkRows("The candidate", candidate);
  const { confidence = 0.95, isSeeded = false, agents = [], baselineAgents = [] } = options;
  checkConfidence("The comparison", confidence);
  const definitions = { ...defaultDefinitions, ...options.definitions };
  const runs = {
    baseline: countRun(baseline, definitions, { ...options, standsFor: {} }),
    candidate: countRun(candidate, definitions, options),
  };
  const pairs = pairCells(runs.baseline, runs.candidate);
  const both = pairs.filter(isPaired);
  const comparison: Comparison = {
    version: 1,
    definitions,
    confidence,
    baseline: summarise(runs.baseline),
    candidate: summarise(runs.candidate),
    difference: differenceOf(both.map(toPairedCell(matchRate)), confidence),
    missingBounds: boundsOf(pairs),
    cells: both.map(toCellDifference).sort((a, b) => b.difference - a.difference),
    attackTypes: byAttackType(both, confidence),
    severity: severityShift(severitiesOf(runs.candidate), severitiesOf(runs.baseline)),
    breaches: isSeeded ? breachChanges(runs) : null,
    unpaired: pairs.filter((pair) => !isPaired(pair)).map(toUnpaired),
    changedAgents: changedAgents(baselineAgents, agents, options.standsFor ?? {}),
    agents: unique([...agents, ...baselineAgents]),
  };
  return showableComparison(comparison);
}

/** Lets a comparison that was read back from JSON show itself in a notebook and a terminal again. */
export function showableComparison(comparison: Comparison): Comparison & Displayable {
  return displayed(comparison, {
    text: () => renderComparisonText(comparison),
    html: () => renderComparisonFragment(comparison),
  });
}

function isPaired({ baseline, candidate }: CellPair): boolean {
  return baseline.tallies.length > 0 && candidate.tallies.length > 0;
}

function toCellDifference({ baseline, candidate, ...pair }: CellPair) {
  const before = mean(baseline.tallies.flatMap(matchRate)) ?? 0;
  const after = mean(candidate.tallies.flatMap(matchRate)) ?? 0;
  return {
    redAgentId: pair.redAgentId,
    blueAgentId: pair.blueAgentId,
    targetAgentId: pair.targetAgentId,
    baseline: before,
    candidate: after,
    difference: after - before,
    baselineMatches: baseline.tallies.length,
    candidateMatches: candidate.tallies.length,
  };
}

function toUnpaired({ redAgentId, blueAgentId, targetAgentId, baseline, candidate }: CellPair) {
  const onlyIn =
    baseline.tallies.length > 0
      ? ("baseline" as const)
      : candidate.tallies.length > 0
        ? ("candidate" as const)
        : ("neither" as const);
  return { redAgentId, blueAgentId, targetAgentId, onlyIn };
}

/** Every missing match of one run at a rate of 0 and of the other at 1, and the other way round. */
function boundsOf(pairs: readonly CellPair[]): Interval | null {
  const cells = pairs.filter(({ baseline, candidate }) =>
    [baseline, candidate].every(({ tallies, missing }) => tallies.length + missing > 0),
  );
  if (cells.length === 0) return null;
  const filled = (run: CellPair["baseline"], rate: number) =>
    (sum(run.tallies.flatMap(matchRate)) + run.missing * rate) / (run.tallies.length + run.missing);
  const difference = (inCandidate: number) =>
    mean(cells.map((c) => filled(c.candidate, inCandidate) - filled(c.baseline, 1 - inCandidate)));
  return { low: difference(0) ?? 0, high: difference(1) ?? 0 };
}

function summarise({ tallies, missing, undecided }: CountedRun): RunSummary {
  const trials = sum(tallies.map((tally) => tally.trials));
  const successes = sum(tallies.map((tally) => tally.successes));
  const rate = trials === 0 ? null : successes / trials;
  return { matches: tallies.length, missing: missing.length, undecided, rate };
}

function severitiesOf({ tallies }: CountedRun): number[] {
  return Object.entries(addSeverities(tallies)).flatMap(([word, count]) =>
    Array<number>(count).fill(severityScores[word as keyof typeof severityScores]),
  );
}

function breachChanges(runs: Record<"baseline" | "candidate", CountedRun>): McNemarResult | null {
  const before = new Map(
    runs.baseline.tallies.map(({ row, successes }) => [matchKey(row), successes > 0]),
  );
  let lost = 0;
  let won = 0;
  for (const tally of runs.candidate.tallies) {
    const wasBreached = before.get(matchKey(tally.row));
    if (wasBreached === undefined) continue;
    if (!wasBreached && tally.successes > 0) lost += 1;
    if (wasBreached && tally.successes === 0) won += 1;
  }
  return mcnemar(lost, won);
}

function unique(agents: readonly AgentInfo[]): AgentInfo[] {
  return [...new Map(agents.toReversed().map((agent) => [agent.id, agent])).values()];
}
