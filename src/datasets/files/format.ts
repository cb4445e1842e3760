import { InputError } from "../../errors.ts";
import type { RowLayout } from "../rows/validate-row.ts";
import type { Side } from "../steps/split.ts";
import type { DatasetKind } from "../types.ts";

/** The files that a dataset can be written as. JSON and Parquet hold the rows of Oumi's JSON lines. */
export type DatasetFormat = "oumi-jsonl" | "openai-jsonl" | "json" | "parquet";

/** All formats. */
export const datasetFormats: readonly DatasetFormat[] = [
  "oumi-jsonl",
  "openai-jsonl",
  "json",
  "parquet",
];

const extensions: Readonly<Record<DatasetFormat, string>> = {
  "oumi-jsonl": ".jsonl",
  "openai-jsonl": ".openai.jsonl",
  json: ".json",
  parquet: ".parquet",
};

/** Whose rows a format holds. */
export function layoutOf(format: DatasetFormat): RowLayout {
  return format === "openai-jsonl" ? "openai" : "oumi";
}

/** The file's name: `blue-dpo.train.jsonl`. */
export function fileNameOf(name: string, side: Side, format: DatasetFormat): string {
  return `${name}.${side}${extensions[format]}`;
}

/** The format by a file's name; nothing for a name that tells none. */
export function formatOfName(path: string): DatasetFormat | undefined {
  const name = path.toLowerCase();
  if (name.endsWith(".openai.jsonl")) return "openai-jsonl";
  return datasetFormats.find((format) => name.endsWith(extensions[format]));
}

/** @throws {@link InputError} for a kind that a format has no rows for. */
export function assertKindFits(kind: DatasetKind, formats: readonly DatasetFormat[]): void {
  const unknown = formats.find((format) => !datasetFormats.includes(format));
  const message =
    unknown !== undefined
      ? `must be some of ${datasetFormats.join(", ")}`
      : kind === "kto" && formats.includes("openai-jsonl")
        ? "OpenAI's fine-tuning has no KTO: take sft or dpo, or another format"
        : undefined;
  if (message !== undefined)
    throw new InputError("Format of a dataset", [{ path: ["formats"], message }]);
}
