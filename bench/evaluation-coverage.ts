/**
 * Measures how often the intervals of `analyze` hold the truth of the sample arena, and how often agents that
 * it calls different are in the wrong order. Run: `node bench/evaluation-coverage.ts [batches] [mode] [matches] [agents a side]`.
 */
import { pathToFileURL } from "node:url";
import { createArena } from "../examples/arena/index.ts";
import { bySide } from "../src/evaluation/agents.ts";
import { analyze } from "../src/evaluation/analysis/analyze.ts";
import type { SideRatings } from "../src/evaluation/analysis/ratings.ts";
import { roundRobin } from "../src/evaluation/combinations.ts";
import { fetchAgents } from "../src/evaluation/fetch-agents.ts";
import { fetchTranscripts } from "../src/evaluation/match-events.ts";
import type { EvaluationRow } from "../src/evaluation/rows.ts";
import { eloPoints, fitArena } from "../src/evaluation/statistics/arena-fit.ts";
import type { Side } from "../src/evaluation/statistics/arena-model.ts";
import type { Interval } from "../src/evaluation/statistics/interval.ts";

/** How a batch of the simulation is played. */
export interface CoverageOptions {
  batches: number;
  mode: "quick" | "standard";
  matchesPerCombination: number;
  red: number;
  blue: number;
  targets: number;
  firstSeed: number;
}

/** Intervals that held the truth, of all. */
export interface Coverage {
  held: number;
  total: number;
}

/** What the simulation found. */
export interface CoverageResult {
  intervals: Record<string, Coverage>;
  /** Pairs of agents that were called different. */
  calledDifferent: number;
  /** Of them, those whose true order is the other one. */
  wronglyOrdered: number;
  pairs: number;
}

const defaults: CoverageOptions = {
  batches: 200,
  mode: "standard",
  matchesPerCombination: 3,
  red: 3,
  blue: 3,
  targets: 2,
  firstSeed: 1,
};

/** Plays seeded batches against the sample arena and compares what is found with what is true. */
export async function measureCoverage(options: Partial<CoverageOptions> = {}) {
  const settings = { ...defaults, ...options };
  const result: CoverageResult = {
    intervals: {},
    calledDifferent: 0,
    wronglyOrdered: 0,
    pairs: 0,
  };
  for (let batch = 0; batch < settings.batches; batch += 1) {
    await measureBatch({ ...settings, firstSeed: settings.firstSeed + batch }, result);
  }
  return result;
}

async function measureBatch(settings: CoverageOptions, result: CoverageResult): Promise<void> {
  const { firstSeed: seed, red, blue, targets } = settings;
  const arena = createArena({ seed, red, blue, targets, timeScale: 0 });
  const fetch = ((url: string, init?: RequestInit) =>
    arena.app.request(
      new URL(url).pathname + new URL(url).search,
      init,
    )) as typeof globalThis.fetch;
  const reader = { arenaUrl: "http://arena.invalid", fetch };
  const agents = await fetchAgents(reader);
  const combinations = roundRobin(bySide(agents));
  const rows: EvaluationRow[] = [];
  for (const combination of combinations) {
    for (let repetition = 1; repetition <= settings.matchesPerCombination; repetition += 1) {
      const body = JSON.stringify({ ...combination, mode: settings.mode });
      const headers = { "content-type": "application/json" };
      const answer = await arena.app.request("/api/matches", { method: "POST", body, headers });
      const { id } = (await answer.json()) as { id: string };
      // The transcript says the rest; the winner only marks the match as played.
      rows.push({ ...combination, repetition, state: "SUCCESS", matchId: id, winner: "draw" });
    }
  }
  const analysis = analyze(rows, { agents, transcripts: await fetchTranscripts(rows, reader) });

  const rate = (c: (typeof combinations)[number]) =>
    arena.truth.expectedAttackSuccessRate(c.redAgentId, c.blueAgentId, c.targetAgentId);
  const meanRate = (own: typeof combinations) =>
    own.reduce((total, combination) => total + rate(combination), 0) / own.length;
  note(result, "rate, all matches", meanRate(combinations), analysis.overall.attacks.interval);
  for (const side of ["red", "blue", "target"] as const) {
    for (const { agentId, attacks } of analysis[side]) {
      const own = combinations.filter((c) => c[`${side}AgentId`] === agentId);
      note(result, `rate by ${side} agent`, meanRate(own), attacks.interval);
    }
  }
  for (const cell of analysis.cells) {
    note(result, "rate by pairing", rate(cell), cell.attacks.interval);
  }

  // The ratings that endless play would come to: the model fitted to the true rates.
  const truth = fitArena(
    combinations.map((c) => ({
      red: c.redAgentId,
      blue: c.blueAgentId,
      target: c.targetAgentId,
      successes: rate(c),
      trials: 1,
    })),
    { sigma: null },
  );
  if (truth === null || analysis.ratings === null) throw new Error("There is nothing to rate.");
  for (const side of ["red", "blue", "target"] as const) {
    const sign = side === "target" ? -1 : 1;
    compareRatings(result, side, analysis.ratings[side], {
      centred: (agent) => 1_000 + sign * eloPoints(truth.centred(side, agent).value),
      difference: (a, b) => sign * eloPoints(truth.difference(side, a, b).value),
    });
  }
}

function compareRatings(
  result: CoverageResult,
  side: Side,
  { ratings, differences }: SideRatings,
  truth: { centred(agent: string): number; difference(a: string, b: string): number },
): void {
  for (const { agentId, interval } of ratings) {
    note(result, `rating of ${side} agents`, truth.centred(agentId), interval);
  }
  for (const { a, b, difference, interval, isDifferent } of differences) {
    note(result, `difference of ${side} ratings`, truth.difference(a, b), interval);
    result.pairs += 1;
    if (!isDifferent) continue;
    result.calledDifferent += 1;
    if (Math.sign(difference) !== Math.sign(truth.difference(a, b))) result.wronglyOrdered += 1;
  }
}

function note(
  { intervals }: CoverageResult,
  name: string,
  truth: number,
  interval: Interval | null,
): void {
  if (interval === null) return;
  intervals[name] ??= { held: 0, total: 0 };
  intervals[name].total += 1;
  if (interval.low <= truth && truth <= interval.high) intervals[name].held += 1;
}

function print({ intervals, calledDifferent, wronglyOrdered, pairs }: CoverageResult): void {
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  for (const [name, { held, total }] of Object.entries(intervals)) {
    console.log(`${name.padEnd(32)} ${share(held, total).padStart(7)} of ${total}`);
  }
  const wrong = calledDifferent === 0 ? "none" : share(wronglyOrdered, calledDifferent);
  console.log(
    `called different: ${calledDifferent} of ${pairs} pairs; wrongly ordered: ${wronglyOrdered} (${wrong})`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [batches = "200", mode = "standard", matches = "3", agents = "3"] = process.argv.slice(2);
  print(
    await measureCoverage({
      batches: Number(batches),
      mode: mode === "quick" ? "quick" : "standard",
      matchesPerCombination: Number(matches),
      red: Number(agents),
      blue: Number(agents),
    }),
  );
}
