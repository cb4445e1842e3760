import type { SchemaElement } from "hyparquet";
import type { DatasetKind } from "../types.ts";

/** A dataset's columns, fixed: a file of no rows has the same columns of the same types as any other. */
export const parquetSchemas: Readonly<Record<DatasetKind, readonly SchemaElement[]>> = {
  sft: [root(2), ...messageList("messages"), metadata()],
  dpo: [
    root(4),
    ...messageList("prompt"),
    ...messageList("chosen"),
    ...messageList("rejected"),
    metadata(),
  ],
  kto: [
    root(4),
    text("prompt", "REQUIRED"),
    text("completion", "REQUIRED"),
    { name: "label", type: "BOOLEAN", repetition_type: "REQUIRED" },
    metadata(),
  ],
};

const columns: Readonly<Record<DatasetKind, readonly string[]>> = {
  sft: ["messages", "metadata"],
  dpo: ["prompt", "chosen", "rejected", "metadata"],
  kto: ["prompt", "completion", "label", "metadata"],
};

/** The names of a kind's columns. */
export function columnNames(kind: DatasetKind): readonly string[] {
  return columns[kind];
}

function root(children: number): SchemaElement {
  return { name: "root", num_children: children };
}

/** JSON text: metadata can have any keys, and a column has one type. */
function metadata(): SchemaElement {
  return text("metadata", "OPTIONAL");
}

function text(name: string, repetition: "REQUIRED" | "OPTIONAL"): SchemaElement {
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    logical_type: { type: "STRING" },
    repetition_type: repetition,
  };
}

/** `list<struct<role: string, content: string>>`, in the three levels that the format's specification asks for. */
function messageList(name: string): SchemaElement[] {
  return [
    {
      name,
      converted_type: "LIST",
      logical_type: { type: "LIST" },
      repetition_type: "REQUIRED",
      num_children: 1,
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "REQUIRED", num_children: 2 },
    text("role", "REQUIRED"),
    text("content", "REQUIRED"),
  ];
}
