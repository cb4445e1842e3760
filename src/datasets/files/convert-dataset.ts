import { DatasetError, InputError, type RowProblem } from "../../errors.ts";
import type { DatasetKind } from "../types.ts";
import { assertKindFits, type DatasetFormat, formatOfName } from "./format.ts";
import { assertWritable } from "./output-folder.ts";
import { badRows, type ReadOptions, readDataset } from "./read-dataset.ts";
import { openRowWriter, type RowWriter } from "./row-writer.ts";

/** How a dataset's file is converted. */
export interface ConvertOptions extends ReadOptions {
  /** What it becomes. @default by the new file's name */
  to?: DatasetFormat | undefined;
  /** Whether a file that is there already is replaced. @default false */
  overwrite?: boolean | undefined;
}

/** What was written. */
export interface ConvertedDataset {
  kind: DatasetKind;
  rows: number;
  bytes: number;
  /** SHA-256 of the new file, in hex. */
  sha256: string;
}

/**
 * Writes a dataset's file in another format. The new file appears under its name when it is complete.
 *
 * @throws DatasetError naming each bad row by line and reason, or when there is no row; InputError for a format that
 * cannot be told, a kind that the format has no rows for, or a file that is there already.
 */
export async function convertDataset(
  from: string,
  to: string,
  options: ConvertOptions = {},
): Promise<ConvertedDataset> {
  const format = options.to ?? formatOfName(to);
  if (format === undefined) {
    const message = "cannot be told by the new file's name: say which of the formats it is";
    throw new InputError("Conversion of a dataset", [{ path: ["to"], message }]);
  }
  await assertWritable([to], options.overwrite ?? false);
  const problems: RowProblem[] = [];
  let writer: RowWriter | undefined;
  let kind = options.kind;
  try {
    for await (const read of readDataset(from, options)) {
      if ("row" in read) {
        kind = read.kind;
        assertKindFits(kind, [format]);
        writer ??= await openRowWriter(to, format, kind);
        if (problems.length === 0) await writer.write(read.row);
      } else problems.push({ line: read.line, reason: read.reasons.join("; ") });
    }
    if (problems.length > 0) throw badRows(problems);
    if (writer === undefined || kind === undefined) throw new DatasetError(`${from} has no row.`);
    const written = await writer.finish();
    await writer.publish();
    return { kind, rows: writer.rows, ...written };
  } catch (error) {
    await writer?.discard();
    throw error;
  }
}
