import type { BenignControl } from "../benign/control.ts";
import type { DatasetFormat } from "../files/format.ts";
import type { TrainingConfigOptions } from "../oumi/training-config.ts";
import type { ScrubOptions } from "../scrub/scrubber.ts";
import type { CapOptions } from "../steps/cap.ts";
import type { PairBy } from "../steps/pair.ts";
import type { DatasetAgent, DatasetAgentInfo, DatasetKind, DatasetMatch } from "../types.ts";

/** How a dataset is built. */
export interface BuildOptions<Kind extends DatasetKind = DatasetKind>
  extends ScrubOptions,
    CapOptions {
  /** Which agent is trained. */
  for: DatasetAgent;
  /** How: on examples, on pairs, or on labelled answers. */
  kind: Kind;
  /** Where the files go; made when it is not there. @default nowhere: the rows are given back in memory */
  folder?: string | undefined;
  /** What the files' names begin with. @default agent and kind, as in `blue-dpo` */
  name?: string | undefined;
  /** As what the rows are written. @default ["oumi-jsonl"] */
  formats?: readonly DatasetFormat[] | undefined;
  /** Whether files that are there already are replaced. @default false */
  overwrite?: boolean | undefined;
  /** Writes a training config for Oumi beside the files. @default none */
  trainingConfig?: Omit<TrainingConfigOptions, "kind" | "trainFile" | "validationFile"> | undefined;

  /** Decides the split, what stays under a cap, and the order of pairs. One seed, one dataset. @default 1 */
  seed?: number | undefined;
  /** The part of the matches that is set aside for validation, 0 to 1. @default 0.1 */
  validationShare?: number | undefined;

  /** Attacks below this severity (0 to 10) are left out. @default 0 */
  minSeverity?: number | undefined;
  /** Only what these agents wrote. @default every agent of the type */
  agentIds?: Iterable<string> | undefined;
  /** What is known of the matches, for sources that do not say it. @default nothing */
  matches?: Iterable<DatasetMatch> | undefined;
  /** Matches that were played for evaluation: nothing of them is trained on. @default those whose metadata says so */
  evaluationMatchIds?: Iterable<string> | undefined;
  /** The agents, as `GET /api/agents` gives them: for the manifest, and for `systemPrompts`. @default none */
  agents?: Iterable<DatasetAgentInfo> | undefined;
  /** Whether rows begin with the system prompt of the agent that is trained; `agents` must have it. @default false */
  systemPrompts?: boolean | undefined;
  /** What a red agent is told to do, by type of attack. @default a sentence that names the type */
  redTask?: ((attackType: string) => string) | undefined;
  /** The longest conversation, in UTF-16 code units. @default 8000, about 2,000 tokens */
  maxCharacters?: number | undefined;
  /** From this similarity on (0 to 1) two texts are near-duplicates. @default 0.8 */
  nearThreshold?: number | undefined;
  /** For `kto`: how many times as many rows one label may have as the other. @default 1 */
  maxLabelRatio?: number | undefined;
  /** For `dpo`: which answers may be paired. A red agent's all answer the same task. @default "attack-type" */
  pairBy?: PairBy | undefined;
  /** Harmless messages against over-refusal. @default a tenth of the rows, from the package's own */
  benign?: BenignOptions | undefined;

  /** Is told how far it is: at most every thousand events or rows, and at the end. */
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  /** Ends the build. No file is left. */
  signal?: AbortSignal | undefined;
}

/** Which benign controls are added, and how many. */
export interface BenignOptions {
  /** Their number by the number of rows from matches, 0 to 1, on each side of the split. @default 0.1 */
  share?: number | undefined;
  /** Your own, from your agent's domain. @default the package's own; none for a red agent */
  controls?: Iterable<BenignControl> | undefined;
}

/** How far a build is. */
export interface BuildProgress {
  phase: "read" | "write" | "done";
  /** Events that were read. */
  events: number;
  /** Samples that are left after the duplicates were dropped. */
  samples: number;
  /** Rows that were written; a row that goes to several files counts once. */
  rows: number;
}
