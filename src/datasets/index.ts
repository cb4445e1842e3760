/**
 * `kestra-arena/datasets`: from matches to files that a trainer accepts. `buildDataset` runs the whole pipeline; its
 * steps are exported one by one too. The rest reads, checks and converts what it writes.
 */

export { builtInControls } from "./benign/built-in.ts";
export type { BenignControl } from "./benign/control.ts";
export { type BuiltDataset, buildDataset, type DatasetInMemory } from "./build/build-dataset.ts";
export type { BuildStep, EventCounts } from "./build/ledger.ts";
export type {
  DatasetManifest,
  ManifestAgent,
  ManifestFile,
  SideCounts,
} from "./build/manifest.ts";
export type { BenignOptions, BuildOptions, BuildProgress } from "./build/options.ts";
export { type CheckOptions, checkDataset, type DatasetCheck } from "./files/check-dataset.ts";
export { type CheckedFile, checkManifest, type ManifestCheck } from "./files/check-manifest.ts";
export {
  type ConvertedDataset,
  type ConvertOptions,
  convertDataset,
} from "./files/convert-dataset.ts";
export { type DatasetFormat, datasetFormats, formatOfName } from "./files/format.ts";
export type { WrittenFile } from "./files/partial-file.ts";
export { loadDataset, type ReadOptions, type ReadRow, readDataset } from "./files/read-dataset.ts";
export { openRowWriter, type RowWriter } from "./files/row-writer.ts";
export { oumiTrainingConfig, type TrainingConfigOptions } from "./oumi/training-config.ts";
export {
  type DatasetRow,
  type DatasetRows,
  type DpoRow,
  dpoRow,
  type KtoRow,
  ktoRow,
  type Message,
  type RowMetadata,
  type RowSample,
  type SftRow,
  sftRow,
} from "./rows/row.ts";
export { type RowCheck, type RowLayout, rowProblems } from "./rows/validate-row.ts";
export { detect, detectSync, ownDetectors } from "./scrub/detect.ts";
export type { Detector, Finding, SyncDetector } from "./scrub/detector.ts";
export { knownValues } from "./scrub/known-values.ts";
export {
  createScrubber,
  type Scrubber,
  type ScrubCount,
  type ScrubOptions,
} from "./scrub/scrubber.ts";
export { secretlintDetector } from "./scrub/secretlint.ts";
export {
  type DatasetDownload,
  type DatasetFiles,
  type DatasetSource,
  type DownloadedFile,
  readSource,
  type SourceValue,
} from "./source/dataset-source.ts";
export type { SourceItem } from "./source/read-item.ts";
export type { RowSamples } from "./source/read-training-row.ts";
export { balanceLabels } from "./steps/balance.ts";
export { controlRows, pickControls } from "./steps/benign.ts";
export { type CapOptions, type CapReason, capSamples, type RankedSample } from "./steps/cap.ts";
export { type Deduped, type DedupeOptions, Deduper, type DuplicateReason } from "./steps/dedupe.ts";
export {
  type Assembled,
  assembleExchanges,
  type Exchange,
  type StrayReason,
} from "./steps/exchanges.ts";
export { type Pair, type PairableSample, type PairBy, pairSamples } from "./steps/pair.ts";
export {
  type RejectOptions,
  type RejectReason,
  type Replies,
  rejectMatch,
  rejectSample,
} from "./steps/reject.ts";
export { isErrorReply, isRefusal } from "./steps/replies.ts";
export {
  redTask,
  type Selection,
  type SelectOptions,
  type SelectReason,
  selectSample,
} from "./steps/select.ts";
export {
  type Side,
  type SplitOptions,
  type SplitSample,
  sideOfMatch,
  splitSamples,
} from "./steps/split.ts";
export type {
  ArenaExportRow,
  DatasetAgent,
  DatasetAgentInfo,
  DatasetEvent,
  DatasetKind,
  DatasetMatch,
  DatasetRound,
  DatasetTranscript,
  Sample,
  TrainingRow,
} from "./types.ts";
