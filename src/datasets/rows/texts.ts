import type { DatasetRow } from "./row.ts";

/** A text of a row, and where it stands. */
export interface RowText {
  path: string;
  text: string;
  /** True for what only describes the row. */
  isMetadata: boolean;
}

/** All texts of a row, roles aside. */
export function textsOf(row: DatasetRow): RowText[] {
  return Object.entries(row).flatMap(([name, value]) => collect(name, value, name === "metadata"));
}

function collect(path: string, value: unknown, isMetadata: boolean): RowText[] {
  if (typeof value === "string") return [{ path, text: value, isMetadata }];
  if (Array.isArray(value)) {
    return value.flatMap((part, index) => collect(`${path}[${index}]`, part, isMetadata));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => name !== "role" || isMetadata)
    .flatMap(([name, part]) => collect(`${path}.${name}`, part, isMetadata));
}
