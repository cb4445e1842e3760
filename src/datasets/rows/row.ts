import type { DatasetAgent, DatasetKind, Sample } from "../types.ts";

/** What describes a row: `match_id`, `train_for`, `attack_type`, `outcome`, `agent_id`. No trainer reads it. */
export type RowMetadata = Record<string, unknown>;

/** A turn of a conversation. */
export interface Message {
  role: "system" | "user" | "assistant" | "tool";
  content: string;
}

/** An example to learn from: a conversation that ends with the assistant. */
export interface SftRow {
  messages: Message[];
  /** Where it comes from. */
  metadata?: RowMetadata;
}

/** A better and a worse answer to one prompt. */
export interface DpoRow {
  prompt: Message[];
  /** The assistant's turn alone. */
  chosen: Message[];
  /** The assistant's turn alone. */
  rejected: Message[];
  /** Where it comes from: the rejected answer, and as `chosen_…` the chosen one. */
  metadata?: RowMetadata;
}

/** An answer and whether it is a good one. */
export interface KtoRow {
  prompt: string;
  completion: string;
  label: boolean;
  /** Where it comes from. */
  metadata?: RowMetadata;
}

/** A row by its kind. */
export interface DatasetRows {
  sft: SftRow;
  dpo: DpoRow;
  kto: KtoRow;
}

/** A row of any kind. */
export type DatasetRow = DatasetRows[DatasetKind];

/** The part of a sample that goes into rows. */
export interface RowSample extends Pick<Sample, "system" | "prompt" | "answer"> {
  /** @default none */
  metadata?: RowMetadata;
}

/** An example. */
export function sftRow(sample: RowSample): SftRow {
  const messages = [...promptMessages(sample), assistant(sample.answer)];
  return { messages, ...described(sample.metadata) };
}

/** A pair; the prompt is that of the rejected answer. */
export function dpoRow(chosen: RowSample, rejected: RowSample): DpoRow {
  const metadata = rejected.metadata && {
    ...rejected.metadata,
    chosen_match_id: chosen.metadata?.match_id,
    chosen_outcome: chosen.metadata?.outcome,
  };
  return {
    prompt: promptMessages(rejected),
    chosen: [assistant(chosen.answer)],
    rejected: [assistant(rejected.answer)],
    ...described(metadata),
  };
}

/** A labelled answer. Its fields are plain texts, so a system prompt stands above the prompt. */
export function ktoRow(sample: RowSample, label: boolean): KtoRow {
  const prompt =
    sample.system === undefined ? sample.prompt : `${sample.system}\n\n${sample.prompt}`;
  return { prompt, completion: sample.answer, label, ...described(sample.metadata) };
}

/** What the metadata of a row say of the sample that it was made of. */
export function describeSample(sample: Sample, trainFor: DatasetAgent): RowMetadata {
  return {
    match_id: sample.matchId,
    train_for: trainFor,
    attack_type: sample.attackType,
    outcome: sample.outcome,
    agent_id: sample.agentId,
  };
}

function promptMessages({ system, prompt }: RowSample): Message[] {
  const user: Message = { role: "user", content: prompt };
  return system === undefined ? [user] : [{ role: "system", content: system }, user];
}

function assistant(content: string): Message {
  return { role: "assistant", content };
}

function described(metadata: RowMetadata | undefined): { metadata?: RowMetadata } {
  return metadata === undefined ? {} : { metadata };
}
