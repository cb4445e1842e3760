/** Which of a match's three agents a dataset trains. */
export type DatasetAgent = "red" | "blue" | "target";

/** How it trains: on examples, on pairs of a better and a worse answer, or on answers with a label. */
export type DatasetKind = "sft" | "dpo" | "kto";

/** One event of a match, as the arena's API gives it. Fields besides these are passed over. */
export interface DatasetEvent {
  id: string;
  matchId: string;
  type: "attack" | "defense" | "target" | "system";
  agentId?: string | undefined;
  /** `low`, `medium`, `high`, `critical`, or the number from 0 to 10 that they stand for. */
  severity?: string | number | undefined;
  attackType?: string | undefined;
  /** The text that the agent produced. Hostile: it is an attack, or the answer to one. */
  prompt: string;
  /** What became of it: `success`, `blocked`, `mitigated`, `detected`, `failed`, `processed`. */
  outcome: string;
}

/** What a dataset needs to know of a match besides its events. */
export interface DatasetMatch {
  id: string;
  /** Only events of finished matches are used. @default unknown, which is let through and counted */
  status?: string | undefined;
  redAgentId?: string | undefined;
  blueAgentId?: string | undefined;
  targetAgentId?: string | undefined;
  /** A match whose metadata says `evaluationOnly: true` or `purpose: "evaluation"` is not trained on. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Which event belongs to which round, from the API's `rounds`. */
export interface DatasetRound {
  attackEventId?: string | undefined;
  defenseEventId?: string | undefined;
  targetEventId?: string | undefined;
}

/** A match's events, as `GET /api/matches/:id/transcript` or `match-orchestration` gives them. */
export interface DatasetTranscript {
  /** The match. @default known by its events' `matchId` alone */
  match?: DatasetMatch | undefined;
  events: readonly DatasetEvent[];
  /** @default the order of the events tells which reply belongs to which attack */
  rounds?: readonly DatasetRound[] | undefined;
}

/** A row of the backend's own export, told by `outcome` without `train_for`: an attack and the target's reply, whatever came of it. */
export interface ArenaExportRow {
  messages: readonly { role: string; content: string }[];
  /** With `matchId` and `outcome`; `attackType`, `severity` and the agents' ids where known. */
  metadata: Readonly<Record<string, unknown>>;
}

/** A row that was chosen already, as the `dataset-generation` flow and this package write them. */
export interface TrainingRow {
  messages?: readonly { role: string; content: string }[];
  prompt?: string | readonly { role: string; content: string }[];
  chosen?: string | readonly { role: string; content: string }[];
  rejected?: string | readonly { role: string; content: string }[];
  completion?: string;
  label?: boolean;
  /** With `match_id` and `train_for`; `attack_type`, `outcome`, `severity` and the agents' ids where known. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** What can be known of an agent: its version goes to the manifest, its system prompt to the rows when asked for. */
export interface DatasetAgentInfo {
  id: string;
  name?: string | undefined;
  type?: string | undefined;
  version?: string | number | undefined;
  model?: string | undefined;
  systemPrompt?: string | undefined;
}

/** One exchange that may become (a part of) a row. */
export interface Sample {
  matchId: string;
  /** The attack's kind; `unknown` where the arena does not say. */
  attackType: string;
  /** 0 to 10. */
  severity: number;
  /** What became of the attack. */
  outcome: string;
  /** The agent that is trained: the one that wrote `answer`. */
  agentId: string;
  /** How many events it was made from. */
  events: number;
  /** True for what the agent should do, false for what it should not. */
  isGood: boolean;
  /** The agent's system prompt, when rows are to have it. */
  system?: string;
  /** What the agent was told. */
  prompt: string;
  /** What it answered. */
  answer: string;
}
