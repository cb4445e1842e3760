import type { AgentInfo } from "../agents.ts";
import type { Definitions } from "../definitions.ts";
import type { Interval } from "../statistics/interval.ts";
import type { McNemarResult } from "../statistics/mcnemar.ts";
import type { Shift } from "../statistics/severity-shift.ts";
import type { SignFlip } from "../statistics/sign-flip.ts";

/** How a candidate run differs from a baseline run, paired by cell. All of it plain data. */
export interface Comparison {
  /** Of this shape; raised when it changes. */
  version: 1;
  definitions: Definitions;
  confidence: number;
  baseline: RunSummary;
  candidate: RunSummary;
  /** Candidate − baseline of the attack success rate, every cell weighing the same. */
  difference: Difference;
  /** The difference if the missing matches had fallen out one way or the other. */
  missingBounds: Interval | null;
  /** Largest rise first. */
  cells: CellDifference[];
  /** Largest rise first. */
  attackTypes: AttackTypeDifference[];
  /** How far the severity of what gets through has risen; null when nothing gets through in one of the runs. */
  severity: Shift | null;
  /** Matches that were breached in one run only, where the runs were said to be seeded alike. */
  breaches: McNemarResult | null;
  /** Cells that only one of the runs has results for: they are not compared. */
  unpaired: UnpairedCell[];
  /** Agents whose version or prompt is not the same in the two runs. */
  changedAgents: ChangedAgent[];
  agents: AgentInfo[];
}

/** One of the two runs. */
export interface RunSummary {
  /** Those that are compared. */
  matches: number;
  /** Without a result. */
  missing: number;
  /** With a result, and not one attack that was decided: they have no rate, so they are not compared. */
  undecided: number;
  /** Pooled over attacks, 0–1. */
  rate: number | null;
}

/** A difference of rates, as fractions, with its error. */
export interface Difference {
  mean: number | null;
  standardError: number | null;
  interval: Interval | null;
  /** Two-sided, of no difference. */
  p: number | null;
  degrees: number;
  /**
   * `cells`: from how much the cells' differences differ. `matches`: from how much the matches of a cell
   * differ, where there are fewer than six cells.
   */
  basis: "cells" | "matches";
  /** The same question without assuming a distribution. */
  signFlip: SignFlip | null;
}

/** One cell in both runs; rates are means of the matches' own rates. */
export interface CellDifference {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  baseline: number;
  candidate: number;
  difference: number;
  baselineMatches: number;
  candidateMatches: number;
}

/** One type of attack in both runs. */
export interface AttackTypeDifference {
  attackType: string;
  baseline: number;
  candidate: number;
  difference: Difference;
  /** Corrected by Holm for all types; null without an error. */
  adjustedP: number | null;
  isDifferent: boolean;
}

/** A cell with results in one run only. */
export interface UnpairedCell {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  onlyIn: "baseline" | "candidate" | "neither";
}

/** An agent that is not the same in both runs. */
export interface ChangedAgent {
  agentId: string;
  name?: string;
  what: "version" | "model" | "prompt";
  baseline?: string;
  candidate?: string;
}
