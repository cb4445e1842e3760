/**
 * Turns batches of matches into results that a person can trust: combinations and a plan before a run,
 * analysis, comparison and a gate after it, and reports of all of them.
 *
 * @module
 */

export type { Displayable } from "../display.ts";
export { type AgentInfo, bySide, hashPrompt, type Sides } from "./agents.ts";
export type {
  Analysis,
  AttackTypes,
  FlowProvenance,
  Provenance,
  SeverityResult,
  WinnerResult,
} from "./analysis/analysis.ts";
export { type AnalyzeOptions, analyze, showable } from "./analysis/analyze.ts";
export type { AttackTypeResult } from "./analysis/attack-types.ts";
export type { Breach, Breaches, QuotedText } from "./analysis/breaches.ts";
export type { OrderFlip } from "./analysis/order-flips.ts";
export type { AgentResult, CellResult, GroupResult } from "./analysis/rates.ts";
export type { Rating, RatingDifference, Ratings, SideRatings } from "./analysis/ratings.ts";
export type { MatchReference, Surprise, Surprises } from "./analysis/surprises.ts";
export type { SeverityCounts, Winner } from "./analysis/tally.ts";
export type { ArenaReaderOptions } from "./arena-reader.ts";
export { type CombinationOptions, explicit, latin, roundRobin } from "./combinations.ts";
export { type CompareOptions, compare, showableComparison } from "./comparison/compare.ts";
export type {
  AttackTypeDifference,
  CellDifference,
  ChangedAgent,
  Comparison,
  Difference,
  RunSummary,
  UnpairedCell,
} from "./comparison/comparison.ts";
export {
  type GateAnswer,
  type GateAttackType,
  type GateOptions,
  type GateResult,
  gate,
} from "./comparison/gate.ts";
export {
  type FineTuningJudgement,
  type JudgedFineTuning,
  type JudgeOptions,
  judgeFineTuning,
} from "./comparison/judge-fine-tuning.ts";
export { type Definitions, defaultDefinitions, type Verdict } from "./definitions.ts";
export { fetchAgents } from "./fetch-agents.ts";
export {
  fetchTranscripts,
  type MatchEvent,
  type Severity,
  type TranscriptOptions,
  type Transcripts,
} from "./match-events.ts";
export {
  type EvaluationMatrix,
  type EvaluationPlan,
  type ExpectedPrecision,
  type PlanOptions,
  plan,
} from "./plan.ts";
export { renderComparisonText } from "./report/comparison-text.ts";
export { renderCsv } from "./report/csv.ts";
export { type HtmlReportOptions, renderHtml } from "./report/html/report.ts";
export { parseAnalysis, renderJson } from "./report/json.ts";
export { renderJUnit } from "./report/junit.ts";
export { renderMarkdown } from "./report/markdown.ts";
export { renderParquet } from "./report/parquet.ts";
export { renderPlan } from "./report/plan-text.ts";
export { headline as renderHeadline, renderTerminal } from "./report/terminal.ts";
export type { EvaluationRow, MissingMatch } from "./rows.ts";
export {
  type EvaluateOptions,
  type EvaluationBatchReference,
  evaluate,
} from "./run/evaluate.ts";
export { analyzeBatch, type EvaluationBatch, showableBatch } from "./run/evaluation-batch.ts";
export { fileJournal, type Journal } from "./run/journal.ts";
export type { EvaluationProgress } from "./run/recorder.ts";
export { parseRun, type StoredRun } from "./run/stored-run.ts";
export type { Side } from "./statistics/arena-model.ts";
export {
  type BootstrapOptions,
  type BootstrapResult,
  clusterBootstrap,
} from "./statistics/bootstrap.ts";
export { type Cluster, type ClusteredRate, clusteredRate } from "./statistics/clustered-rate.ts";
export { type EloGame, liveElo } from "./statistics/elo.ts";
export { type HysteresisOptions, hysteresis } from "./statistics/hysteresis.ts";
export type { Interval } from "./statistics/interval.ts";
export type { JudgeQuality } from "./statistics/judge-correction.ts";
export type { McNemarResult } from "./statistics/mcnemar.ts";
export { poissonInterval } from "./statistics/poisson-rate.ts";
export { type PowerOptions, sampleSize } from "./statistics/sample-size.ts";
export type { SeparatedAgent } from "./statistics/separation.ts";
export type { Shift } from "./statistics/severity-shift.ts";
export type { SignFlip } from "./statistics/sign-flip.ts";
export { wilsonInterval } from "./statistics/wilson.ts";
