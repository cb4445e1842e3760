import type { SchemaElement } from "hyparquet";
import type { DatasetKind } from "../types.ts";

/** A dataset's columns, fixed: a file of no rows has the same columns of the same types as any other. */
export const parquetSchemas: Readonly<Record<DatasetKind, readonly SchemaElement[]>> = {
  sft: [root(2), ...messageList("messages"), text("metadata", "OPTIONAL")],
  dpo: [root(3), ...messageList("prompt"), ...messageList("chosen"), ...messageList("rejected")],
  kto: [
    root(3),
    text("prompt", "REQUIRED"),
    text("completion", "REQUIRED"),
    { name: "label", type: "BOOLEAN", repetition_type: "REQUIRED" },
  ],
};

/** The names of a kind's columns. */
export function columnNames(kind: DatasetKind): string[] {
  return {
    sft: ["messages", "metadata"],
    dpo: ["prompt", "chosen", "rejected"],
    kto: ["prompt", "completion", "label"],
  }[kind];
}

function root(children: number): SchemaElement {
  return { name: "root", num_children: children };
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
