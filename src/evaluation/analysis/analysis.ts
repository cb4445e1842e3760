import type { AttackOutcomes } from "../../flows/match-metrics.ts";
import type { AgentInfo } from "../agents.ts";
import type { Definitions } from "../definitions.ts";
import type { MissingMatch } from "../rows.ts";
import type { Interval } from "../statistics/interval.ts";
import type { JudgeQuality } from "../statistics/judge-correction.ts";
import type { AttackTypeResult } from "./attack-types.ts";
import type { Breaches } from "./breaches.ts";
import type { OrderFlip } from "./order-flips.ts";
import type { AgentResult, CellResult, GroupResult } from "./rates.ts";
import type { Ratings } from "./ratings.ts";
import type { Surprises } from "./surprises.ts";
import type { SeverityCounts, Winner } from "./tally.ts";

/** What a batch says, all of it plain data: it can be stored as JSON and reported later. */
export interface Analysis {
  /** Of this shape; raised when it changes. */
  version: 1;
  /** What counted as what. */
  definitions: Definitions;
  /** Of all intervals, as a fraction. */
  confidence: number;
  /** All matches together. */
  overall: GroupResult;
  /** Red agents, highest attack success rate first. */
  red: AgentResult[];
  /** Blue agents, highest attack success rate against them first. */
  blue: AgentResult[];
  /** Targets, highest attack success rate against them first. */
  target: AgentResult[];
  /** Each red on each blue and target. */
  cells: CellResult[];
  attackTypes: AttackTypes;
  /** Attacks by outcome, as the backend decided them. */
  outcomes: AttackOutcomes;
  severity: SeverityResult;
  /** Null without anything to rate. */
  ratings: Ratings | null;
  surprises: Surprises;
  winners: WinnerResult;
  /** Every match without a result, and why. */
  missing: MissingMatch[];
  /** Rows left out since their match had one already. */
  duplicateRows: number;
  /** Pairs of agents whose order depends on how one counts. */
  orderFlips: OrderFlip[];
  /** What got through; null when no transcripts were given. */
  breaches: Breaches | null;
  /** What is known of the agents, by their ids. */
  agents: AgentInfo[];
  /** Present where an imperfect judge was corrected for. */
  judge?: JudgeQuality;
  provenance: Provenance;
}

/** The breakdown by type of attack. */
export interface AttackTypes {
  /** Highest rate first. Empty when the rows do not say it under these definitions. */
  results: AttackTypeResult[];
  /** Matches whose attacks could not be split by type under these definitions without their events. */
  unknownMatches: number;
}

/** How severe the attacks were that got through. */
export interface SeverityResult {
  counts: SeverityCounts;
  /** 0–10, null when nothing got through. */
  mean: number | null;
  /** Critical breaches a match, with the exact Poisson interval. */
  criticalPerMatch: { rate: number | null; interval: Interval | null };
}

/** Who won: by the decided attacks, and by the backend's scoring, which takes `detected` for a success. */
export interface WinnerResult {
  counts: Record<Winner, number>;
  backend: Record<Winner, number>;
  /** Matches in which the two differ. */
  disagreements: number;
}

/** Where the numbers come from. */
export interface Provenance {
  /** When the batch was played, ISO 8601. */
  playedAt?: string;
  /** The version of this package. */
  sdkVersion?: string;
  /** The version of Kestra that ran the flows. */
  kestraVersion?: string;
  /** The flows that played the batch. */
  flows?: readonly FlowProvenance[];
  /** The execution of `batch-evaluation`. */
  executionId?: string;
  /** Anything else worth keeping, shown as it is. */
  notes?: readonly string[];
}

/** One deployed flow. */
export interface FlowProvenance {
  id: string;
  revision?: number;
  /** SHA-256 of its YAML as it is deployed. */
  templateHash?: string;
}
