import type { DatasetFormat } from "../files/format.ts";
import type { ScrubCount } from "../scrub/scrubber.ts";
import type { PairBy } from "../steps/pair.ts";
import type { Side } from "../steps/split.ts";
import type { DatasetAgent, DatasetKind } from "../types.ts";
import type { EventCounts } from "./ledger.ts";

/** What a dataset was made from, how, and what became of every event. The same source and options give the same. */
export interface DatasetManifest {
  /** The manifest's own format. */
  format: "kestra-arena/dataset@1";
  for: DatasetAgent;
  kind: DatasetKind;
  seed: number;
  validationShare: number;
  /** The options that decide what is in it, with their defaults. */
  settings: Record<string, string | number | boolean | readonly string[]>;
  /** All events: those that were read are the kept ones and the dropped ones together. */
  events: EventCounts;
  rows: Record<Side, SideCounts>;
  /** What was replaced by placeholders, by type, and by which detectors it was found. */
  scrubbed: { detectors: readonly string[]; counts: Record<string, ScrubCount> };
  matches: {
    /** Those that rows came from. */
    train: readonly string[];
    validation: readonly string[];
    /** How many matches were seen without a word on whether they are finished. */
    statusUnknown: number;
  };
  /** The agents of the rows, with the versions that were given for them. */
  agents: readonly ManifestAgent[];
  /** The files, besides the manifest itself. */
  files: readonly ManifestFile[];
}

/** What one side of the split has. */
export interface SideCounts {
  /** All rows. */
  rows: number;
  /** Those of them that are benign controls. */
  benign: number;
  /** How many controls' rows the share asked for; more than `benign` when there are too few controls. */
  benignWanted: number;
  /** KTO: rows with a good and with a bad answer, controls included. */
  labels?: { good: number; bad: number };
  /** DPO: what the answers of a pair have in common, controls not included. */
  pairs?: Record<PairBy, number>;
}

/** An agent whose words are in the dataset. */
export interface ManifestAgent {
  id: string;
  /** Null when nothing is known of it. */
  name: string | null;
  /** Null when nothing is known of it. */
  version: string | number | null;
  /** Null when nothing is known of it. */
  model: string | null;
}

/** A file of the dataset. */
export interface ManifestFile {
  /** Its name in the folder. */
  name: string;
  format: DatasetFormat | "oumi-config";
  /** Nothing for a config. */
  side?: Side;
  rows?: number;
  bytes: number;
  /** In hex. */
  sha256: string;
}

/** The manifest's file. */
export function manifestName(name: string): string {
  return `${name}.manifest.json`;
}
