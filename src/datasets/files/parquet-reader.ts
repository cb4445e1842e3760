import type { AsyncBuffer } from "hyparquet";
import { messageOf } from "../../errors/message-of.ts";
import { DatasetError } from "../../errors.ts";
import { loadOptional } from "../../optional-package.ts";

/**
 * Reads a Parquet file's rows, a row group at a time.
 *
 * @throws ConfigError when `hyparquet` is not installed; DatasetError for a file that is no Parquet.
 */
export async function* readParquetValues(
  source: string | ArrayBuffer,
): AsyncGenerator<Record<string, unknown>, void, undefined> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await loadOptional(
    () => import("hyparquet"),
    "hyparquet",
    "Reading a Parquet dataset",
  );
  const file: AsyncBuffer =
    typeof source === "string"
      ? await asyncBufferFromFile(source)
      : { byteLength: source.byteLength, slice: (start, end) => source.slice(start, end) };
  try {
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const { num_rows: size } of metadata.row_groups) {
      const rowEnd = rowStart + Number(size);
      yield* (await parquetReadObjects({ file, metadata, rowStart, rowEnd })).map(withJson);
      rowStart = rowEnd;
    }
  } catch (error) {
    const message = `The Parquet file cannot be read: ${messageOf(error)}.`;
    throw new DatasetError(message, [], { cause: error });
  }
}

/** Metadata is kept as JSON text, and an absent value as null. */
function withJson(row: Record<string, unknown>): Record<string, unknown> {
  const present = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    present.map(([name, value]) => [name, name === "metadata" ? parsed(value) : value]),
  );
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
