import type { DatasetRow } from "./row.ts";
import { isRecord } from "./values.ts";

/** What a text of a row is there for. */
type TextPart = "system" | "message" | "metadata";

/** A text of a row, and where it stands. */
export interface RowText {
  path: string;
  text: string;
  part: TextPart;
}

/** All texts of a row, roles aside. */
export function textsOf(row: DatasetRow): RowText[] {
  return Object.entries(row).flatMap(([name, value]) =>
    collect(name, value, name === "metadata" ? "metadata" : "message"),
  );
}

function collect(path: string, value: unknown, part: TextPart): RowText[] {
  if (typeof value === "string") return [{ path, text: value, part }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => collect(`${path}[${index}]`, item, part));
  }
  if (!isRecord(value)) return [];
  if (part === "metadata") {
    return Object.entries(value).flatMap(([name, item]) => collect(`${path}.${name}`, item, part));
  }
  const ownPart = value.role === "system" ? "system" : part;
  return collect(`${path}.content`, value.content, ownPart);
}
