/** One goal of `docs/benchmarks.md`, measured. */
export interface Goal {
  /** Its number, or a letter for what is measured besides. */
  id: string;
  /** What is compared with what. */
  title: string;
  /** The ratio or the count that was reached. */
  value: number;
  /** What it may be at the most; `undefined` for what is only reported. */
  limit?: number;
  /** How the value reads: `ratio` without a unit, or the unit. */
  unit?: string;
  /** What was measured, in this machine's numbers. */
  note: string;
  /** What limits it now; of a goal that is missed, what was tried. */
  limitedBy?: string;
  /** The suite that measured it; filled in by the run. */
  suite?: string;
}

/** A part of the benchmarks. */
export interface Suite {
  /** For `--only`. */
  name: string;
  /** Measures. */
  run(tools: SuiteTools): Promise<Goal[]>;
}

/** What a suite may use. */
export interface SuiteTools {
  /** Starts a server in a process of its own. */
  startServer(): Promise<import("./server-process.ts").ServerProcess>;
  /** Told what is being measured. */
  progress(text: string): void;
}

/** True when a goal is met, or has no limit. */
export function isMet({ value, limit }: Goal): boolean {
  return limit === undefined || value <= limit;
}
