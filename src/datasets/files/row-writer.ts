import type { DatasetRow } from "../rows/row.ts";
import { toWireRow } from "../rows/wire-row.ts";
import type { DatasetKind } from "../types.ts";
import { type DatasetFormat, layoutOf } from "./format.ts";
import { createParquetWriter } from "./parquet-writer.ts";
import { PartialFile, type WrittenFile } from "./partial-file.ts";

/** A file of rows that is being written. */
export interface RowWriter {
  /** Its final path. */
  readonly path: string;
  /** How many rows it has so far. */
  readonly rows: number;
  /** Appends a row. */
  write(row: DatasetRow): Promise<void>;
  /** Ends the file, still under another name. */
  finish(): Promise<WrittenFile>;
  /** Gives the finished file its name. */
  publish(): Promise<void>;
  /** Removes it, unless it was published. */
  discard(): Promise<void>;
}

/** How a format puts rows into a file. */
export interface RowEncoder {
  row(row: DatasetRow, index: number): Promise<void>;
  end(rows: number): Promise<void>;
}

/**
 * Opens a writer. The file appears under its name when it is published, and not before.
 *
 * @throws ConfigError when a package that the format needs is not installed.
 */
export async function openRowWriter(
  path: string,
  format: DatasetFormat,
  kind: DatasetKind,
): Promise<RowWriter> {
  const file = await PartialFile.open(path);
  try {
    const encoder = await encoderOf(file, format, kind);
    return rowWriter(file, encoder);
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function encoderOf(
  file: PartialFile,
  format: DatasetFormat,
  kind: DatasetKind,
): Promise<RowEncoder> {
  if (format === "parquet") return createParquetWriter(file, kind);
  if (format === "json") return jsonEncoder(file);
  const layout = layoutOf(format);
  return {
    row: (row) => file.write(`${toLine(toWireRow(row, kind, layout))}\n`),
    end: async () => {},
  };
}

/** One row a line, so that a bad one is found by an editor too. */
function jsonEncoder(file: PartialFile): RowEncoder {
  return {
    row: (row, index) => file.write(`${index === 0 ? "[\n" : ",\n"}${toLine(row)}`),
    end: (rows) => file.write(rows === 0 ? "[]\n" : "\n]\n"),
  };
}

function rowWriter(file: PartialFile, encoder: RowEncoder): RowWriter {
  let rows = 0;
  return {
    path: file.path,
    get rows() {
      return rows;
    },
    async write(row) {
      await encoder.row(row, rows);
      rows += 1;
    },
    async finish() {
      await encoder.end(rows);
      return file.finish();
    },
    publish: () => file.publish(),
    discard: () => file.discard(),
  };
}

/** Some readers take these three for the end of a line; escaped they mean the same. */
function toLine(row: unknown): string {
  return JSON.stringify(row).replaceAll(
    /[\u0085\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
