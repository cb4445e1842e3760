import type { DatasetKind } from "../types.ts";
import type { DatasetRow, DpoRow, KtoRow, Message, SftRow } from "./row.ts";
import type { RowLayout } from "./validate-row.ts";
import { isRecord } from "./values.ts";

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
  const about = isRecord(row.metadata) ? { metadata: row.metadata } : {};
  if (kind === "kto") {
    const { prompt, completion, label } = row as unknown as KtoRow;
    return { prompt, completion, label, ...about };
  }
  if (kind === "sft") return { messages: row.messages as Message[], ...about };
  if (isRecord(row.input)) {
    return {
      prompt: row.input.messages as Message[],
      chosen: row.preferred_output as Message[],
      rejected: row.non_preferred_output as Message[],
    };
  }
  return {
    prompt: turns(row.prompt, "user"),
    chosen: turns(row.chosen, "assistant"),
    rejected: turns(row.rejected, "assistant"),
    ...about,
  };
}

/** The kind of dataset that a row of it is from, of any layout; nothing when it looks like none. */
export function kindOfRow(row: unknown): DatasetKind | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  if ("input" in row || "preferred_output" in row) return "dpo";
  if ("messages" in row) return "sft";
  if ("chosen" in row || "rejected" in row) return "dpo";
  return "completion" in row || "label" in row ? "kto" : undefined;
}

function turns(value: unknown, role: Message["role"]): Message[] {
  return typeof value === "string" ? [{ role, content: value }] : (value as Message[]);
}
