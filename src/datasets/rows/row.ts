import type { DatasetKind, Sample } from "../types.ts";

/** A turn of a conversation. */
export interface Message {
  role: "system" | "user" | "assistant" | "tool";
  content: string;
}

/** An example to learn from: a conversation that ends with the assistant. */
export interface SftRow {
  messages: Message[];
  /** Where it comes from; texts only. */
  metadata?: Record<string, string>;
}

/** A better and a worse answer to one prompt. */
export interface DpoRow {
  prompt: Message[];
  /** The assistant's turn alone. */
  chosen: Message[];
  /** The assistant's turn alone. */
  rejected: Message[];
}

/** An answer and whether it is a good one. */
export interface KtoRow {
  prompt: string;
  completion: string;
  label: boolean;
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
export type RowSample = Pick<Sample, "system" | "prompt" | "answer"> &
  Partial<Pick<Sample, "matchId" | "attackType" | "outcome" | "agentId">>;

/** An example. */
export function sftRow(sample: RowSample): SftRow {
  return {
    messages: [...promptMessages(sample), { role: "assistant", content: sample.answer }],
    metadata: describe(sample),
  };
}

/** A pair; the prompt is that of the rejected answer. */
export function dpoRow(chosen: RowSample, rejected: RowSample): DpoRow {
  return {
    prompt: promptMessages(rejected),
    chosen: [{ role: "assistant", content: chosen.answer }],
    rejected: [{ role: "assistant", content: rejected.answer }],
  };
}

/** A labelled answer. Its fields are plain texts, so a system prompt stands above the prompt. */
export function ktoRow(sample: RowSample, label: boolean): KtoRow {
  const prompt =
    sample.system === undefined ? sample.prompt : `${sample.system}\n\n${sample.prompt}`;
  return { prompt, completion: sample.answer, label };
}

function promptMessages({ system, prompt }: RowSample): Message[] {
  const user: Message = { role: "user", content: prompt };
  return system === undefined ? [user] : [{ role: "system", content: system }, user];
}

function describe({ matchId, attackType, outcome, agentId }: RowSample): Record<string, string> {
  const about = { match_id: matchId, attack_type: attackType, outcome, agent_id: agentId };
  return Object.fromEntries(
    Object.entries(about).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
