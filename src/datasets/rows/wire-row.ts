import type { DatasetKind } from "../types.ts";
import type { DatasetRow, DpoRow, KtoRow, Message, SftRow } from "./row.ts";
import type { RowLayout } from "./validate-row.ts";

/** A row as its file has it. */
export function toWireRow(row: DatasetRow, kind: DatasetKind, layout: RowLayout): unknown {
  if (layout === "oumi") return row;
  if (kind === "sft") return { messages: (row as SftRow).messages };
  const { prompt, chosen, rejected } = row as DpoRow;
  return {
    input: { messages: prompt },
    preferred_output: chosen,
    non_preferred_output: rejected,
  };
}

/** A checked row of a file in the package's own shape, the same for every layout. */
export function fromWireRow(value: unknown, kind: DatasetKind): DatasetRow {
  const row = value as Record<string, unknown>;
  if (kind === "kto") return row as unknown as KtoRow;
  if (kind === "sft") {
    const { messages, metadata } = row as { messages: Message[]; metadata?: object };
    if (metadata === undefined || metadata === null) return { messages };
    return { messages, metadata: texts(metadata) };
  }
  if ("input" in row) {
    const { messages } = row.input as { messages: Message[] };
    return {
      prompt: messages,
      chosen: row.preferred_output as Message[],
      rejected: row.non_preferred_output as Message[],
    };
  }
  return {
    prompt: turns(row.prompt, "user"),
    chosen: turns(row.chosen, "assistant"),
    rejected: turns(row.rejected, "assistant"),
  };
}

/** The kind of dataset that a row of it is from; nothing when it looks like none. */
export function kindOfRow(row: unknown): { kind: DatasetKind; layout: RowLayout } | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  if ("input" in row || "preferred_output" in row) return { kind: "dpo", layout: "openai" };
  if ("messages" in row) return { kind: "sft", layout: "oumi" };
  if ("chosen" in row || "rejected" in row) return { kind: "dpo", layout: "oumi" };
  if ("completion" in row || "label" in row) return { kind: "kto", layout: "oumi" };
  return undefined;
}

function turns(value: unknown, role: Message["role"]): Message[] {
  return typeof value === "string" ? [{ role, content: value }] : (value as Message[]);
}

function texts(metadata: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
